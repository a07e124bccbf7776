import { type ReactNode, useEffect, useId, useRef } from 'react';
import { useTexts } from '../texts.ts';
import { Icon } from './icon.tsx';
import { partTexts } from './parts.texts.ts';

interface DialogProps {
  readonly title: ReactNode;
  /** Asked by Escape, the cross, and a press beside it. Absent: only what is inside ends it. */
  readonly onClose?: (() => void) | undefined;
  /** At the side, over the whole height. */
  readonly isDrawer?: boolean;
  readonly children: ReactNode;
}

const FIRST_FIELD = '.dialog-body :is(input:not([type=checkbox]), textarea)';

/** The browser's own dialog: what is behind it rests, and the focus returns there. */
export function Dialog({ title, onClose, isDrawer = false, children }: DialogProps) {
  const texts = useTexts(partTexts);
  const id = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const shown = dialog.current;
    shown?.showModal();
    // Who opened a form types next; without a field the browser chooses.
    shown?.querySelector<HTMLElement>(FIRST_FIELD)?.focus();
    return () => shown?.close();
  }, []);
  return (
    <dialog
      className={`dialog${isDrawer ? ' at-side' : ''}`}
      ref={dialog}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        onClose?.();
      }}
    >
      <div className="dialog-head">
        <h2 id={id}>{title}</h2>
        {onClose && (
          <button
            className="button quiet small icon-only"
            type="button"
            aria-label={texts.close}
            onClick={onClose}
          >
            <Icon name="x" />
          </button>
        )}
      </div>
      {children}
    </dialog>
  );
}
