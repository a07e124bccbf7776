// What price lists are read with, from files and from requests alike. Unknown names are faults: a price under a misspelt name must not go
// unnoticed.
import { z } from 'zod';
import {
  groupSchema,
  listedRateNames,
  priceSchema,
  type RateName,
  tokenRatioNames,
} from '../pricing/price.js';
import { ratioText } from '../pricing/ratio-text.js';
import { serviceTiers } from '../pricing/service-tiers.js';

/** A ratio or a price: a number, or decimal text. Numbers count as the decimal that is written for them, never as a double. */
const ratio = z
  .union([z.number().min(0), z.string()])
  .transform((value) => (typeof value === 'number' ? decimalText(value) : value))
  .pipe(ratioText);

/** What may be left out, and counts as this. Whatever else is left out is not there. */
const leftOut: { readonly [Name in RateName]?: string } = {
  model_ratio: '0',
  completion_ratio: '1',
  cache_ratio: '1',
  cache_write_ratio: '1',
};

/** As a price, a tier and the classes of service have them, each by its name. */
const rates = <Name extends string, Schema extends z.ZodType>(
  names: readonly Name[],
  schemaOf: (name: Name) => Schema,
) => Object.fromEntries(names.map((name) => [name, schemaOf(name)])) as Record<Name, Schema>;

const tier = z.strictObject({
  above_prompt_tokens: z.int(),
  ...rates(tokenRatioNames, () => ratio.optional()),
});

const price = z
  .strictObject({
    model: z.string(),
    ...rates(listedRateNames, (name) => {
      const unstated = leftOut[name];
      return unstated === undefined ? ratio.optional() : ratio.default(unstated);
    }),
    per_call_usd: ratio.nullable().default(null),
    service_tier_ratios: z.strictObject(rates(serviceTiers, () => ratio.optional())).optional(),
    tiers: z.array(tier).optional(),
    image_prices: z
      .array(z.strictObject({ size: z.string().optional(), quality: z.string().optional(), usd: ratio }))
      .optional(),
    max_output_tokens: z.int().default(16_384),
    context_window: z.int().optional(),
  })
  .transform((read): unknown => read)
  .pipe(priceSchema);

/** One of these must be said. */
const stating = ['model_ratio', ...listedRateNames.filter((name) => name.endsWith('_usd'))];

/** A price as people write it. A free model is priced 0 in so many words; a price forgotten must not be free. */
export const priceInput = z
  .looseObject({})
  .refine(
    (entry) => stating.some((name) => (entry[name] ?? null) !== null),
    'needs a model_ratio, a per_call_usd, or the price of a unit',
  )
  .pipe(price);

const specialRatio = z.strictObject({
  user_group: z.string().optional(),
  model: z.string().optional(),
  ratio,
});

/** A group as people write it. */
export const groupInput = z
  .strictObject({
    name: z.string(),
    ratio: ratio.default('1'),
    special_ratios: z.array(specialRatio).optional(),
  })
  .pipe(groupSchema);

/** Shortest decimal text of a number, without an exponent. */
function decimalText(value: number): string {
  const text = String(value);
  if (!text.includes('e')) return text;
  return value.toFixed(20).replace(/\.?0+$/, '');
}
