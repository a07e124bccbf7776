import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  add,
  compare,
  decimal,
  type Decimal,
  floor,
  formatDecimal,
  multiply,
  negate,
  parseDecimal,
  powerOfTen,
  roundHalfAwayFromZero,
} from '../../../src/domain/money/decimal.js';
import { CREDIT_CEILING, MAX_BALANCE, quotaOfUsd, usdOfQuota } from '../../../src/domain/money/quota.js';

const decimals = fc.record({
  unscaled: fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n }),
  scale: fc.nat({ max: 9 }),
});
/** The same value over one denominator, to compare with plain integer arithmetic. */
const over = ({ unscaled, scale }: Decimal, denominator: number): bigint =>
  unscaled * 10n ** BigInt(denominator - scale);

describe('decimal', () => {
  it('reads what it writes, in the shortest text', () => {
    fc.assert(
      fc.property(decimals, (value) => {
        const text = formatDecimal(value);
        expect(text).not.toMatch(/\.\d*0$|\.$|^-0$/);
        expect(over(decimal(text), 9)).toBe(over(value, 9));
      }),
    );
  });

  it.each([
    '',
    '.',
    '1.',
    '.5',
    '1e3',
    '+1',
    ' 1',
    '1,0',
    '0x1',
    'NaN',
    'Infinity',
    '--1',
    '1'.repeat(19),
    '١',
  ])('does not read %j', (text) => expect(parseDecimal(text)).toBeUndefined());

  it('adds, multiplies and compares as integers over one denominator do', () => {
    fc.assert(
      fc.property(decimals, decimals, (a, b) => {
        expect(over(add(a, b), 18)).toBe(over(a, 18) + over(b, 18));
        expect(over(multiply(a, b), 18)).toBe(over(a, 9) * over(b, 9));
        expect(Math.sign(compare(a, b))).toBe(over(a, 9) < over(b, 9) ? -1 : over(a, 9) > over(b, 9) ? 1 : 0);
        expect(over(add(a, negate(a)), 9)).toBe(0n);
      }),
    );
  });

  it('floors what is a whole number to itself, however it is written', () => {
    expect([-30n, -20n, -10n, 0n, 10n].map((unscaled) => floor({ unscaled, scale: 1 }))).toEqual([
      -3n,
      -2n,
      -1n,
      0n,
      1n,
    ]);
    expect(floor({ unscaled: -21n, scale: 1 })).toBe(-3n);
  });

  it('has powers of ten as far as products of a few ratios reach, and no further', () => {
    expect(powerOfTen(79)).toBe(10n ** 79n);
    expect(() => powerOfTen(80)).toThrow(RangeError);
  });

  it('rounds to the nearest integer, halves away from zero, the same on both sides of it', () => {
    fc.assert(
      fc.property(decimals, (value) => {
        const rounded = roundHalfAwayFromZero(value);
        const unit = 10n ** BigInt(value.scale);
        const error = rounded * unit - value.unscaled;
        const distance = error < 0n ? -error : error;
        expect(2n * distance <= unit).toBe(true);
        if (2n * distance === unit) expect(error > 0n).toBe(value.unscaled > 0n);
        expect(roundHalfAwayFromZero(negate(value))).toBe(-rounded);
      }),
    );
  });

  it.each([
    ['0.5', 1n, 0n],
    ['-0.5', -1n, -1n],
    ['1.4999999', 1n, 1n],
    ['2.5', 3n, 2n],
    ['-2.5', -3n, -3n],
    ['-2', -2n, -2n],
    ['0', 0n, 0n],
  ])('%s rounds to %s and has floor %s', (text, rounded, floored) => {
    expect(roundHalfAwayFromZero(decimal(text))).toBe(rounded);
    expect(floor(decimal(text))).toBe(floored);
  });
});

describe('quota', () => {
  it.each([
    ['10', 5_000_000n],
    ['68.49', 34_245_000n],
    ['2.01', 1_005_000n],
    ['0.01', 5_000n],
    ['1000000', 500_000_000_000n],
    ['0.000001', 1n],
    ['0.000002', 1n],
    ['0.000003', 2n],
    // Doubles make 4099999.9999999995 of it (and 1004999.9999999999 of 2.01).
    ['8.2', 4_100_000n],
    ['0.000007', 4n],
  ])('of %s dollars is %s', (usd, quota) => {
    expect(quotaOfUsd(decimal(usd))).toBe(quota);
  });

  it('has the bounds of an exact double and its half', () => {
    expect([MAX_BALANCE, CREDIT_CEILING]).toEqual([2n ** 53n - 1n, 2n ** 52n]);
  });

  it('turns into dollars and back without loss, over the whole range', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -MAX_BALANCE, max: MAX_BALANCE }), (quota) => {
        expect(quotaOfUsd(decimal(usdOfQuota(quota)))).toBe(quota);
      }),
    );
  });

  it('is exact for every amount in cents, whatever doubles would make of it', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 100_000_000n }), (cents) => {
        expect(quotaOfUsd({ unscaled: cents, scale: 2 })).toBe(cents * 5_000n);
      }),
    );
  });
});
