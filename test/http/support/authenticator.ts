import { codeOfStep, stepAt } from '../../../src/support/totp.js';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** What an authenticator shows at a time, for a secret that it was given in base32. `aside`: so many steps later. */
export function codeAt(secret: string, at: Date, aside = 0): string {
  const bits = [...secret].map((letter) => ALPHABET.indexOf(letter).toString(2).padStart(5, '0')).join('');
  const bytes = bits.match(/.{8}/g)?.map((byte) => Number.parseInt(byte, 2)) ?? [];
  return codeOfStep(Buffer.from(bytes), stepAt(at) + aside);
}
