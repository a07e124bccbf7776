import type { Refusal } from '../../domain/refusal.js';
import { commonPasswords } from './common-passwords.js';

/** In code points. */
export const MIN_USER_PASSWORD = 10;
export const MAX_USER_PASSWORD = 200;

/** What is wrong with a password that a person wants. `names`: what others know of them. */
export function passwordFault(password: string, names: readonly string[] = []): Refusal | undefined {
  const length = [...password].length;
  if (length < MIN_USER_PASSWORD || length > MAX_USER_PASSWORD)
    return { code: 'password_unfit', min: MIN_USER_PASSWORD, max: MAX_USER_PASSWORD };
  const plain = password.toLowerCase();
  const isKnown = commonPasswords.has(plain) || names.some((name) => name.toLowerCase() === plain);
  return isKnown ? { code: 'password_common' } : undefined;
}
