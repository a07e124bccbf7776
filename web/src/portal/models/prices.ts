import { product, sum } from '../../format/decimal.ts';

/** What of a price is shown: ratios as decimal texts. */
export interface ListedPrice {
  readonly model_ratio: string;
  readonly completion_ratio: string;
  readonly cache_ratio: string;
  readonly per_call_usd: string | null;
  readonly per_image_usd?: string;
  readonly per_second_usd?: string;
  readonly per_character_usd?: string;
  readonly per_search_usd?: string;
}

/** What is priced by the piece, beside tokens or instead of them. */
export const units = ['call', 'image', 'second', 'character', 'search'] as const;
export type Unit = (typeof units)[number];

/** Ratio 1 is two dollars for a million tokens. */
const USD_PER_MILLION = '2';
const MILLIONTH = '0.000001';

/** Dollars for a million tokens of each kind, exactly, and for pieces. */
export interface TokenPrices {
  /** Whether tokens cost anything. */
  readonly isByToken: boolean;
  readonly input: string;
  readonly cached: string;
  readonly output: string;
  readonly pieces: readonly (readonly [unit: Unit, usd: string])[];
}

/** @param groupRatio that of the group which calls */
export function tokenPrices(price: ListedPrice, groupRatio: string): TokenPrices {
  const input = product(price.model_ratio, USD_PER_MILLION, groupRatio);
  const pieces = units.flatMap((unit) => {
    const usd = price[`per_${unit}_usd`];
    return usd === null || usd === undefined ? [] : [[unit, product(usd, groupRatio)] as const];
  });
  return {
    isByToken: price.per_call_usd === null && (input !== '0' || pieces.length === 0),
    input,
    cached: product(input, price.cache_ratio),
    output: product(input, price.completion_ratio),
    pieces,
  };
}

/** What a call of so many tokens costs, before it is rounded to whole quota; pieces that it may have are not in it. */
export const costOf = (
  { input, output, pieces }: TokenPrices,
  inputTokens: number,
  outputTokens: number,
): string =>
  pieces.find(([unit]) => unit === 'call')?.[1] ??
  product(sum(product(input, String(inputTokens)), product(output, String(outputTokens))), MILLIONTH);
