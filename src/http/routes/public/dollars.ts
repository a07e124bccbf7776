import { z } from 'zod';
import { type Decimal, decimal, formatDecimal, multiply } from '../../../domain/money/decimal.js';
import type { Price } from '../../../domain/pricing/price.js';

/** Ratio 1 is two dollars for a million tokens. */
const USD_PER_MILLION = decimal('2');

const pieces = ['call', 'image', 'second', 'character', 'search'] as const;
type Piece = (typeof pieces)[number];

const dollars = z.string().meta({ description: 'exact decimal text' });
export const dollarFields = {
  usd_per_million: z.object({ input: dollars, cached_input: dollars, output: dollars }).nullable().meta({
    description:
      'a million tokens, for the group that is asked for; null where tokens are not what it is sold by',
  }),
  usd_per_piece: z
    .partialRecord(z.enum(pieces), dollars)
    .meta({ description: 'what is sold by the piece, beside tokens or instead of them' }),
};

/** A price in dollars, as whoever calls at this ratio pays it: the one place for what pages show. */
export function dollarsOf(price: Price, groupRatio: string) {
  const group = decimal(groupRatio);
  const million = [USD_PER_MILLION, decimal(price.model_ratio), group].reduce(multiply);
  const sold = pieces.flatMap((piece): readonly (readonly [Piece, string])[] => {
    const usd = price[`per_${piece}_usd`];
    return usd === null || usd === undefined ? [] : [[piece, text(decimal(usd), group)]];
  });
  const isByToken = price.per_call_usd === null && (formatDecimal(million) !== '0' || sold.length === 0);
  return {
    usd_per_million: isByToken
      ? {
          input: formatDecimal(million),
          cached_input: text(million, decimal(price.cache_ratio)),
          output: text(million, decimal(price.completion_ratio)),
        }
      : null,
    usd_per_piece: Object.fromEntries(sold),
  };
}

const text = (one: Decimal, other: Decimal): string => formatDecimal(multiply(one, other));
