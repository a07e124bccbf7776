import { describe, expect, it } from '@jest/globals';
import { base32, codeOfStep, otpauthUri, stepAt, stepOfCode } from '../../src/support/totp.js';

const secret = Buffer.from('12345678901234567890');

describe('a code of an authenticator', () => {
  // RFC 6238, appendix B, SHA-1.
  it.each([
    [59, '94287082'],
    [1111111109, '07081804'],
    [1111111111, '14050471'],
    [1234567890, '89005924'],
    [2000000000, '69279037'],
    [20000000000, '65353130'],
  ])('is that of the standard at %i', (seconds, code) => {
    const step = stepAt(new Date(seconds * 1000));
    expect(codeOfStep(secret, step, 8)).toBe(code);
    expect(codeOfStep(secret, step)).toBe(code.slice(2));
  });

  it('is taken half a minute early and late, and no further', () => {
    const at = new Date(1234567890_000);
    const now = stepAt(at);
    const taken = [-2, -1, 0, 1, 2].map((aside) => stepOfCode(secret, codeOfStep(secret, now + aside), at));
    expect(taken).toEqual([undefined, now - 1, now, now + 1, undefined]);
    expect([stepOfCode(secret, '', at), stepOfCode(secret, '0059240', at)]).toEqual([undefined, undefined]);
  });
});

describe('a secret', () => {
  // RFC 4648, section 10.
  it.each([
    ['', ''],
    ['f', 'MY'],
    ['fo', 'MZXQ'],
    ['foo', 'MZXW6'],
    ['foob', 'MZXW6YQ'],
    ['fooba', 'MZXW6YTB'],
    ['foobar', 'MZXW6YTBOI'],
  ])('is written in base32 as the standard has it: %s', (plain, written) => {
    expect(base32(Buffer.from(plain))).toBe(written);
  });

  it('is told authenticators with whose it is', () => {
    expect(otpauthUri(Buffer.from('foobar'), 'Counterfoil', 'a b@c')).toBe(
      'otpauth://totp/Counterfoil:a%20b%40c?secret=MZXW6YTBOI&issuer=Counterfoil',
    );
  });
});
