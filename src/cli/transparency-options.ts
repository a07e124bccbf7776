import { NotAVerifierKey, readVerifierKey, type VerifierKey } from '../transparency/note-keys.js';
import { UsageError } from './exit-codes.js';

/** Of an option that may be given several times. */
export const several = (text: string, before: readonly string[] = []): readonly string[] => [...before, text];

/** @throws UsageError */
export const readKeys = (texts: readonly string[]): readonly VerifierKey[] => texts.map(readKey);

function readKey(text: string): VerifierKey {
  try {
    return readVerifierKey(text);
  } catch (error) {
    if (error instanceof NotAVerifierKey) throw new UsageError(error.message);
    throw error;
  }
}

/** @throws UsageError */
export function wholeNumber(option: string, text: string): number {
  if (!/^\d{1,6}$/.test(text)) throw new UsageError(`${option} is a number`);
  return Number(text);
}
