import { useSyncExternalStore } from 'react';

// A session that ended while a page is open: the page stays as it is, with what was typed, under a dialog to sign in again.

let ended = false;
const listeners = new Set<() => void>();

function set(value: boolean): void {
  if (ended === value) return;
  ended = value;
  for (const listener of listeners) listener();
}

/** The API said that nobody is signed in any more. */
export const noteEnd = (): void => set(true);
/** Somebody is signed in again, or left. */
export const noteBegin = (): void => set(false);

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

export const useSessionEnded = (): boolean => useSyncExternalStore(subscribe, () => ended);
