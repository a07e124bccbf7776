// What price lists are read with, from files and from requests alike. Unknown names are faults: a price under a misspelt name must not go
// unnoticed.
import { z } from 'zod';
import { groupSchema, priceSchema, ratioText } from '../pricing/price.js';

/** A ratio or a price: a number, or decimal text. Numbers count as the decimal that is written for them, never as a double. */
const ratio = z
  .union([z.number().min(0), z.string()])
  .transform((value) => (typeof value === 'number' ? decimalText(value) : value))
  .pipe(ratioText);

/** Ratios that a price and its tiers may leave out. */
const furtherRatios = {
  cache_write_1h_ratio: ratio.optional(),
  audio_ratio: ratio.optional(),
  image_ratio: ratio.optional(),
  reasoning_ratio: ratio.optional(),
  audio_completion_ratio: ratio.optional(),
  image_completion_ratio: ratio.optional(),
};

const tier = z.strictObject({
  above_prompt_tokens: z.int(),
  model_ratio: ratio.optional(),
  completion_ratio: ratio.optional(),
  cache_ratio: ratio.optional(),
  cache_write_ratio: ratio.optional(),
  ...furtherRatios,
});

const price = z
  .strictObject({
    model: z.string(),
    model_ratio: ratio.default('0'),
    completion_ratio: ratio.default('1'),
    cache_ratio: ratio.default('1'),
    cache_write_ratio: ratio.default('1'),
    ...furtherRatios,
    per_call_usd: ratio.nullable().default(null),
    per_image_usd: ratio.optional(),
    per_second_usd: ratio.optional(),
    per_character_usd: ratio.optional(),
    per_search_usd: ratio.optional(),
    per_file_search_usd: ratio.optional(),
    per_code_session_usd: ratio.optional(),
    tiers: z.array(tier).optional(),
    image_prices: z
      .array(z.strictObject({ size: z.string().optional(), quality: z.string().optional(), usd: ratio }))
      .optional(),
    max_output_tokens: z.int().default(16_384),
    context_window: z.int().optional(),
  })
  .pipe(priceSchema);

const stating = [
  'model_ratio',
  'per_call_usd',
  'per_image_usd',
  'per_second_usd',
  'per_character_usd',
  'per_search_usd',
  'per_file_search_usd',
  'per_code_session_usd',
];

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
