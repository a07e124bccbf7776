import { decimal, formatDecimal } from '../domain/money/decimal.js';
import { usdOfQuota } from '../domain/money/quota.js';
import { JsonNumber } from './json/exact-json.js';

/** Quota as dollars, exact: 34245000n -> 68.49. */
export const usd = (quota: bigint): JsonNumber => new JsonNumber(usdOfQuota(quota));

/** Decimal text as a JSON number in its shortest form: `00.1350` -> 0.135. */
export const exact = (decimalText: string): JsonNumber => new JsonNumber(formatDecimal(decimal(decimalText)));

/** Unix seconds. */
export const seconds = (time: Date): number => Math.floor(time.getTime() / 1000);
