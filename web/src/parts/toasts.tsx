import { useSyncExternalStore } from 'react';
import { useTexts } from '../texts.ts';
import { Icon } from './icon.tsx';
import { partTexts } from './parts.texts.ts';

interface Toast {
  readonly id: number;
  readonly text: string;
  readonly undo: Undo | undefined;
}

/** What takes back what was said. */
export interface Undo {
  readonly name: string;
  readonly act: () => void;
}

const SHOWN_MS = 6_000;
/** Where there is something to be pressed. */
const UNDO_MS = 15_000;
let toasts: readonly Toast[] = [];
let lastId = 0;
const listeners = new Set<() => void>();

function set(next: readonly Toast[]): void {
  toasts = next;
  for (const listener of listeners) listener();
}

const remove = (id: number) => set(toasts.filter((toast) => toast.id !== id));

/** Says what was done, for a moment, also to who listens to the page. */
export function say(text: string, undo?: Undo): void {
  const id = ++lastId;
  set([...toasts, { id, text, undo }]);
  setTimeout(() => remove(id), undo ? UNDO_MS : SHOWN_MS);
}

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

/** Once a page: the region must be there before what is said in it. */
export function Toasts() {
  const shown = useSyncExternalStore(subscribe, () => toasts);
  const texts = useTexts(partTexts);
  return (
    <div className="toasts" role="status">
      {shown.map(({ id, text, undo }) => (
        <div className="toast" key={id}>
          <Icon name="check" />
          <p>{text}</p>
          {undo && (
            <button
              className="button small"
              type="button"
              onClick={() => {
                remove(id);
                undo.act();
              }}
            >
              {undo.name}
            </button>
          )}
          <button
            className="button icon-only quiet small"
            type="button"
            aria-label={texts.dismiss}
            onClick={() => remove(id)}
          >
            <Icon name="x" />
          </button>
        </div>
      ))}
    </div>
  );
}
