/** Quota of one dollar: fixed for this product, and in `/api/status`. */
export const QUOTA_PER_USD = 500_000;
const DECIMALS = 6;

const groups = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** A decimal text as its sign, its whole dollars with commas, its cents and what comes after them. */
export interface MoneyParts {
  readonly isNegative: boolean;
  readonly dollars: string;
  readonly cents: string;
  readonly tail: string;
}

/**
 * Takes an amount apart without a float in between.
 * @param usd a decimal text of at most six places, as the API sends it
 */
export function moneyParts(usd: string): MoneyParts {
  const [, sign = '', whole = '0', fraction = ''] = /^([-−+]?)(\d+)(?:\.(\d*))?$/.exec(usd.trim()) ?? [];
  const places = fraction.padEnd(DECIMALS, '0').slice(0, DECIMALS);
  const isZero = /^0*$/.test(whole + places);
  return {
    isNegative: !isZero && (sign === '-' || sign === '−'),
    dollars: groups.format(BigInt(whole)),
    cents: places.slice(0, 2),
    tail: isZero ? '' : places.slice(2),
  };
}

/** Quota as dollars, exactly: one quota is two millionths. */
export function usdOfQuota(quota: number | bigint): string {
  const millionths = BigInt(quota) * BigInt(10 ** DECIMALS / QUOTA_PER_USD);
  const digits = (millionths < 0n ? -millionths : millionths).toString().padStart(DECIMALS + 1, '0');
  return `${millionths < 0n ? '-' : ''}${digits.slice(0, -DECIMALS)}.${digits.slice(-DECIMALS)}`;
}

/** A sum that is rounded and says so by its two places: `$3.89`. What is less than some cents keeps what would be gone: `$0.00006`. */
export function roundedUsd(usd: number): string {
  const much = Math.abs(usd);
  const maximumFractionDigits = much < 0.01 ? 6 : much < 0.1 ? 3 : 2;
  return `${usd < 0 ? '−' : ''}$${much.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits })}`;
}

/**
 * Dollars as typed, as quota; undefined for what is no amount, is none, or has a part of a quota.
 * @param typed `20`, `$1,000.50`
 */
export function quotaOfUsd(typed: string): number | undefined {
  const [, whole, fraction = ''] =
    /^\$?(\d{1,9})(?:\.(\d{1,6}))?$/.exec(typed.trim().replaceAll(',', '')) ?? [];
  if (whole === undefined) return undefined;
  const millionths = BigInt(whole + fraction.padEnd(DECIMALS, '0'));
  const size = BigInt(10 ** DECIMALS / QUOTA_PER_USD);
  return millionths === 0n || millionths % size !== 0n ? undefined : Number(millionths / size);
}
