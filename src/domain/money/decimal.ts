/** An exact decimal: `unscaled / 10^scale`. Ratios and dollar amounts are these; no float ever touches them. */
export interface Decimal {
  readonly unscaled: bigint;
  readonly scale: number;
}

const DECIMAL_TEXT = /^(-?)(\d{1,18})(?:\.(\d{1,18}))?$/;

export const ZERO: Decimal = { unscaled: 0n, scale: 0 };

const powersOfTen = Array.from({ length: 80 }, (_, exponent) => 10n ** BigInt(exponent));

/** 10^exponent for the exponents that products of a few ratios reach (0..79). */
export function powerOfTen(exponent: number): bigint {
  const power = powersOfTen[exponent];
  if (power === undefined) throw new RangeError(`scale ${exponent} is out of range`);
  return power;
}

/** Reads plain decimal text (`68.49`, `-0.5`; no exponent, at most 18 digits each side). Undefined when it is anything else. */
export function parseDecimal(text: string): Decimal | undefined {
  const match = DECIMAL_TEXT.exec(text);
  if (!match) return undefined;
  const fraction = (match[3] ?? '').replace(/0+$/, '');
  const magnitude = BigInt((match[2] ?? '0') + fraction);
  return { unscaled: match[1] === '-' ? -magnitude : magnitude, scale: fraction.length };
}

const MAX_KNOWN = 1_000;
const known = new Map<string, Decimal>();

/** As parseDecimal, for text that a schema has already accepted. The same few ratios are read in every call: those are kept. */
export function decimal(text: string): Decimal {
  const before = known.get(text);
  if (before) return before;
  const value = parseDecimal(text);
  if (!value) throw new RangeError(`not a decimal: ${JSON.stringify(text)}`);
  if (known.size === MAX_KNOWN) known.clear();
  known.set(text, value);
  return value;
}

/** Text that formatDecimal wrote, of any length: exact products have more digits than amounts and ratios may. */
export function exactDecimal(text: string): Decimal {
  const point = text.indexOf('.');
  return point < 0
    ? fromInteger(BigInt(text))
    : { unscaled: BigInt(text.slice(0, point) + text.slice(point + 1)), scale: text.length - point - 1 };
}

export function multiply(a: Decimal, b: Decimal): Decimal {
  return { unscaled: a.unscaled * b.unscaled, scale: a.scale + b.scale };
}

export function add(a: Decimal, b: Decimal): Decimal {
  // Most sums of a charge are of kinds that nothing was used of.
  if (a === ZERO) return b;
  if (b === ZERO) return a;
  if (a.scale === b.scale) return { unscaled: a.unscaled + b.unscaled, scale: a.scale };
  const scale = Math.max(a.scale, b.scale);
  return {
    unscaled: a.unscaled * powerOfTen(scale - a.scale) + b.unscaled * powerOfTen(scale - b.scale),
    scale,
  };
}

export const negate = (value: Decimal): Decimal => ({ unscaled: -value.unscaled, scale: value.scale });

/** Negative, 0 or positive as `a` is less than, equal to or greater than `b`. */
export function compare(a: Decimal, b: Decimal): number {
  const { unscaled } = add(a, negate(b));
  return unscaled === 0n ? 0 : unscaled < 0n ? -1 : 1;
}

export function fromInteger(value: bigint | number): Decimal {
  return { unscaled: BigInt(value), scale: 0 };
}

/** Shortest text: no trailing zeros, no exponent. */
export function formatDecimal(value: Decimal): string {
  const sign = value.unscaled < 0n ? '-' : '';
  const digits = (value.unscaled < 0n ? -value.unscaled : value.unscaled)
    .toString()
    .padStart(value.scale + 1, '0');
  const whole = digits.slice(0, digits.length - value.scale);
  const fraction = digits.slice(digits.length - value.scale).replace(/0+$/, '');
  const text = fraction ? `${whole}.${fraction}` : whole;
  return text === '0' ? '0' : sign + text;
}

/** The one rounding of the ledger: to the nearest integer, halves away from zero. */
export const roundHalfAwayFromZero = (value: Decimal): bigint =>
  roundedQuotient(value.unscaled, powerOfTen(value.scale));

/** An exact division, and the one rounding. @param divisor positive */
export function roundedQuotient(dividend: bigint, divisor: bigint): bigint {
  const magnitude = dividend < 0n ? -dividend : dividend;
  const rounded = (2n * magnitude + divisor) / (2n * divisor);
  return dividend < 0n ? -rounded : rounded;
}

/** Towards negative infinity, to an integer. For displays and capacities only; charges are rounded by roundHalfAwayFromZero. */
export function floor(value: Decimal): bigint {
  const divisor = powerOfTen(value.scale);
  const quotient = value.unscaled / divisor;
  return value.unscaled < 0n && quotient * divisor !== value.unscaled ? quotient - 1n : quotient;
}

/** So large a part of a whole, in whole units. @param part decimal text: `0.05` */
export function partOf(whole: bigint, part: string): bigint {
  const { unscaled, scale } = decimal(part);
  return roundedQuotient(whole * unscaled, powerOfTen(scale));
}

export const least = (one: bigint, other: bigint): bigint => (one < other ? one : other);
export const most = (one: bigint, other: bigint): bigint => (one > other ? one : other);
