import { type ReactNode, useEffect, useId, useRef } from 'react';
import { useTexts } from '../texts.ts';
import { Icon } from './icon.tsx';
import { partTexts } from './parts.texts.ts';

interface DrawerProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** One of a list, beside the list: the browser's own dialog at the edge. Escape, the cross and a press beside it close it. */
export function Drawer({ title, onClose, children }: DrawerProps) {
  const texts = useTexts(partTexts);
  const id = useId();
  const drawer = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const shown = drawer.current;
    shown?.showModal();
    return () => shown?.close();
  }, []);
  return (
    <dialog
      className="drawer"
      ref={drawer}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => {
        if (event.target === drawer.current) onClose();
      }}
    >
      <div className="drawer-sheet">
        <div className="row-apart">
          <h2 id={id}>{title}</h2>
          <button
            className="button quiet small icon-only"
            type="button"
            aria-label={texts.close}
            onClick={onClose}
          >
            <Icon name="x" />
          </button>
        </div>
        {children}
      </div>
    </dialog>
  );
}
