import type { Sealed } from '../domain/stored/fields.js';
import { CannotOpen, type Keyring } from './keyring.js';

/** From one master key to another. */
export interface Rotation {
  readonly from: Keyring;
  readonly to: Keyring;
}

/** What `open` answers; undefined where its key is not the one. */
export function ifOpens<Opened>(open: () => Opened): Opened | undefined {
  try {
    return open();
  } catch (error) {
    if (error instanceof CannotOpen) return undefined;
    throw error;
  }
}

/** A text sealed under the new key: the very box where it is already, undefined where neither key opens it. */
export function resealed({ from, to }: Rotation, sealed: Sealed, purpose: string): Sealed | undefined {
  if (ifOpens(() => to.open(sealed, purpose)) !== undefined) return sealed;
  const text = ifOpens(() => from.open(sealed, purpose));
  return text === undefined ? undefined : to.seal(text, purpose);
}
