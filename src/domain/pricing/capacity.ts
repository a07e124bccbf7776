import { add, type Decimal, decimal, floor, formatDecimal, fromInteger, multiply } from '../money/decimal.js';
import { QUOTA_PER_USD } from '../money/quota.js';
import type { Price } from './price.js';

/** What a price is asked for by where it is not by tokens; `character` is counted in thousands. */
export type UnitKind = 'call' | 'image' | 'second' | 'thousand_characters';

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
      readonly kind: 'units';
      readonly unit: UnitKind;
      readonly quotaPerUnit: bigint;
      readonly units: bigint;
      /** Of one, in the group. */
      readonly priceUsd: string;
    }
  | { readonly kind: 'free' };

const HALF: Decimal = decimal('0.5');
const ONE = fromInteger(1);
const THOUSAND = fromInteger(1000);
const QUOTA = fromInteger(QUOTA_PER_USD);

/**
 * Capacity as the external API defines it: `quota_per_1k_input = floor(model × group × 1000 + 1/2)`,
 * `input_1k = floor(quota / quota_per_1k_input)`, output per 1k = `floor(quota_per_1k_input × completion)`. Of a model whose tokens
 * cost nothing: the calls, pictures, seconds or thousands of characters that it is priced by, in the same way.
 * A price so small that 1,000 tokens or one unit round to nothing is shown as free.
 */
export function capacity(price: Price, groupRatio: string, quota: bigint): Capacity {
  const group = decimal(groupRatio);
  if (price.per_call_usd !== null) return units('call', decimal(price.per_call_usd), group, quota);
  const perThousand = floor(add(multiply(multiply(decimal(price.model_ratio), group), THOUSAND), HALF));
  if (perThousand > 0n) {
    return {
      kind: 'tokens',
      quotaPer1kInput: perThousand,
      quotaPer1kOutput: floor(multiply(fromInteger(perThousand), decimal(price.completion_ratio))),
      input1k: quota / perThousand,
      basePriceUsd: formatDecimal(multiply(decimal(price.model_ratio), decimal('0.002'))),
    };
  }
  for (const [unit, usd, count] of [
    ['image', price.per_image_usd, ONE],
    ['second', price.per_second_usd, ONE],
    ['thousand_characters', price.per_character_usd, THOUSAND],
  ] as const) {
    const bought = usd === undefined ? undefined : units(unit, multiply(decimal(usd), count), group, quota);
    if (bought?.kind === 'units') return bought;
  }
  return { kind: 'free' };
}

function units(unit: UnitKind, usd: Decimal, group: Decimal, quota: bigint): Capacity {
  const perUnit = floor(add(multiply(multiply(usd, QUOTA), group), HALF));
  if (perUnit === 0n) return { kind: 'free' };
  const priceUsd = formatDecimal(multiply(usd, group));
  return { kind: 'units', unit, quotaPerUnit: perUnit, units: quota / perUnit, priceUsd };
}
