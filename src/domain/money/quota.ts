import { type Decimal, formatDecimal, fromInteger, multiply, roundHalfAwayFromZero } from './decimal.js';

/** The ledger's unit: 1 USD = 500,000 quota. */
export const QUOTA_PER_USD = 500_000n;

/** No account may hold more (2^53 - 1): every balance is an exact JSON number and an exact Lua double. */
export const MAX_BALANCE = 9_007_199_254_740_991n;

/**
 * Credits are refused that would lift a balance above this (2^52, about nine billion dollars). The check reads a projected
 * balance, so credits in flight can pass it together; the other half below MAX_BALANCE is room for some nine thousand of the
 * largest (1,000,000 USD) at once.
 */
export const CREDIT_CEILING = 4_503_599_627_370_496n;

const QUOTA_PER_USD_DECIMAL = fromInteger(QUOTA_PER_USD);

/** Quota of a dollar amount, rounded half away from zero (only below a ten-thousandth of a cent does it round). */
export function quotaOfUsd(amount: Decimal): bigint {
  return roundHalfAwayFromZero(multiply(amount, QUOTA_PER_USD_DECIMAL));
}

/** Exact dollars of a quota as decimal text: 34245000n -> "68.49". One quota is 0.000002 USD, so six places always suffice. */
export function usdOfQuota(quota: bigint): string {
  return formatDecimal({ unscaled: quota * 2n, scale: 6 });
}
