import {
  add,
  type Decimal,
  decimal,
  formatDecimal,
  fromInteger,
  multiply,
  roundHalfAwayFromZero,
} from '../money/decimal.js';
import { QUOTA_PER_USD } from '../money/quota.js';
import type { Price, TokenUsage } from './price.js';

/** One factor of a charge, so that the lines of an explanation and the charge come from the same computation. */
export interface ChargeLine {
  readonly kind: 'input' | 'cached' | 'cache_write' | 'output' | 'call';
  readonly count: number;
  /** What one of them counts, decimal text. */
  readonly ratio: string;
  /** Quota of this line before the one rounding, decimal text. */
  readonly exact: string;
}

export interface Charge {
  readonly quota: bigint;
  /** Quota before rounding, decimal text. */
  readonly exact: string;
  readonly rounding: 'none' | 'half-away-from-zero' | 'minimum-of-one' | 'free';
  readonly lines: readonly ChargeLine[];
}

/** The part of a price that a charge depends on. */
export type PriceRatios = Pick<
  Price,
  'model_ratio' | 'completion_ratio' | 'cache_ratio' | 'cache_write_ratio' | 'per_call_usd'
>;

/**
 * The charge of one call:
 * `round_half_away(group × model × (plain + cached × cache + written × cache_write + output × completion))`,
 * or `per_call_usd × 500000 × group` where the price is per call. At least 1 quota when anything was used and the price is not zero.
 * Exact decimals, one rounding, at the end; the same function charges and explains.
 */
export function charge(price: PriceRatios, groupRatio: string, usage: TokenUsage): Charge {
  const group = decimal(groupRatio);
  const lines: { line: Omit<ChargeLine, 'exact'>; exact: Decimal }[] = [];
  const push = (kind: ChargeLine['kind'], count: number, ratio: string, unit: Decimal) => {
    if (count > 0)
      lines.push({
        line: { kind, count, ratio },
        exact: multiply(unit, multiply(fromInteger(count), decimal(ratio))),
      });
  };
  if (price.per_call_usd !== null) {
    push('call', 1, price.per_call_usd, multiply(group, fromInteger(QUOTA_PER_USD)));
  } else {
    const unit = multiply(group, decimal(price.model_ratio));
    const plain = Math.max(0, usage.prompt_tokens - usage.cached_tokens - usage.cache_write_tokens);
    push('input', plain, '1', unit);
    push('cached', usage.cached_tokens, price.cache_ratio, unit);
    push('cache_write', usage.cache_write_tokens, price.cache_write_ratio, unit);
    push('output', usage.completion_tokens, price.completion_ratio, unit);
  }
  const exact = lines.reduce<Decimal>((sum, { exact }) => add(sum, exact), fromInteger(0));
  return {
    ...rounded(exact),
    exact: formatDecimal(exact),
    lines: lines.map(({ line, exact }) => ({ ...line, exact: formatDecimal(exact) })),
  };
}

function rounded(exact: Decimal): Pick<Charge, 'quota' | 'rounding'> {
  if (exact.unscaled === 0n) return { quota: 0n, rounding: 'free' };
  const quota = roundHalfAwayFromZero(exact);
  if (quota === 0n) return { quota: 1n, rounding: 'minimum-of-one' };
  return { quota, rounding: formatDecimal(exact) === quota.toString() ? 'none' : 'half-away-from-zero' };
}
