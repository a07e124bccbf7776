import { add, type Decimal, decimal, floor, formatDecimal, fromInteger, multiply } from '../money/decimal.js';
import type { PriceRatios } from './charge.js';

/** What a balance buys of one model, for the price pages. All in quota and thousands of tokens. */
export type Capacity =
  | {
      readonly kind: 'tokens';
      readonly quotaPer1kInput: bigint;
      readonly quotaPer1kOutput: bigint;
      readonly input1k: bigint;
      readonly basePriceUsd: string;
    }
  | {
      readonly kind: 'calls';
      readonly quotaPerCall: bigint;
      readonly calls: bigint;
      readonly pricePerCallUsd: string;
    }
  | { readonly kind: 'free' };

const HALF: Decimal = decimal('0.5');
const THOUSAND = fromInteger(1000);

/**
 * Capacity as the external API defines it: `quota_per_1k_input = floor(model × group × 1000 + 1/2)`,
 * `input_1k = floor(quota / quota_per_1k_input)`, output per 1k = `floor(quota_per_1k_input × completion)`.
 * A price so small that 1,000 tokens round to nothing is shown as free.
 */
export function capacity(price: PriceRatios, groupRatio: string, quota: bigint): Capacity {
  const group = decimal(groupRatio);
  if (price.per_call_usd !== null) {
    const perCall = floor(
      add(multiply(multiply(decimal(price.per_call_usd), fromInteger(500_000)), group), HALF),
    );
    if (perCall === 0n) return { kind: 'free' };
    const pricePerCallUsd = formatDecimal(multiply(decimal(price.per_call_usd), group));
    return { kind: 'calls', quotaPerCall: perCall, calls: quota / perCall, pricePerCallUsd };
  }
  const perThousand = floor(add(multiply(multiply(decimal(price.model_ratio), group), THOUSAND), HALF));
  if (perThousand === 0n) return { kind: 'free' };
  return {
    kind: 'tokens',
    quotaPer1kInput: perThousand,
    quotaPer1kOutput: floor(multiply(fromInteger(perThousand), decimal(price.completion_ratio))),
    input1k: quota / perThousand,
    basePriceUsd: formatDecimal(multiply(decimal(price.model_ratio), decimal('0.002'))),
  };
}
