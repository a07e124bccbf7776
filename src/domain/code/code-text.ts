/** Crockford's base 32: no letter that is taken for a digit, and none that makes words. */
const LETTERS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

const CODE_LENGTH = 26;
/** Of which a code is made: 26 letters of 5 bits are 130. */
export const CODE_BYTES = 17;

const MEANT: Readonly<Record<string, string>> = { I: '1', L: '1', O: '0' };

/** The code of some bytes, of which the first 130 bits are in it. */
export function codeOf(bytes: Uint8Array): string {
  let [code, bits, waiting] = ['', 0, 0];
  for (const byte of bytes.subarray(0, CODE_BYTES)) {
    // Of what waits fewer than five bits are left from before.
    bits = ((bits << 8) | byte) & 0xfff;
    for (waiting += 8; waiting >= 5 && code.length < CODE_LENGTH; waiting -= 5)
      code += LETTERS[(bits >> (waiting - 5)) & 31];
  }
  return code;
}

/**
 * A code as it was made, of what somebody typed: small letters, hyphens and spaces do not matter, nor does a letter in the place of the digit
 * that it looks like. Undefined for what is none.
 */
export function readCode(typed: string): string | undefined {
  const code = typed
    .toUpperCase()
    .replace(/[\s-]/g, '')
    .replace(/[ILO]/g, (letter) => MEANT[letter] ?? letter);
  return code.length === CODE_LENGTH && [...code].every((letter) => LETTERS.includes(letter))
    ? code
    : undefined;
}
