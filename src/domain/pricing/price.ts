import { z } from 'zod';
import { ratioText } from './ratio-text.js';
import { serviceTierRatios } from './service-tiers.js';

/** How many plain prompt tokens one token of a kind counts. Ratio 1 of a model is 0.002 USD per 1,000 plain prompt tokens. */
const tokenRatios = {
  model_ratio: ratioText,
  /** Output tokens. */
  completion_ratio: ratioText,
  /** Tokens read from the prompt cache. */
  cache_ratio: ratioText,
  /** Tokens written to the prompt cache. */
  cache_write_ratio: ratioText,
  /** Tokens written to the prompt cache for an hour; absent: as `cache_write_ratio`. */
  cache_write_1h_ratio: ratioText.optional(),
  /** Audio and image tokens of the prompt; absent: as plain ones. */
  audio_ratio: ratioText.optional(),
  image_ratio: ratioText.optional(),
  /** Reasoning, audio and image tokens of the output; absent: as `completion_ratio`. */
  reasoning_ratio: ratioText.optional(),
  audio_completion_ratio: ratioText.optional(),
  image_completion_ratio: ratioText.optional(),
};

/** What a price list says of a model. Prices of units are added to that of the tokens. */
const listedRateFields = {
  ...tokenRatios,
  /** Set: a call costs this many dollars whatever it used; nothing else is looked at. */
  per_call_usd: ratioText.nullable(),
  per_image_usd: ratioText.optional(),
  /** Of sound heard or made. */
  per_second_usd: ratioText.optional(),
  /** Of text spoken. */
  per_character_usd: ratioText.optional(),
  /** Of the web, and a reranker's search units. */
  per_search_usd: ratioText.optional(),
  /** In files that the provider keeps. */
  per_file_search_usd: ratioText.optional(),
  /** Of a machine on which the provider ran code for the call. */
  per_code_session_usd: ratioText.optional(),
};

/** What one call is charged by. */
export const rateFields = {
  ...listedRateFields,
  /** Of the class of service, where the price has one for it: how many tokens one token counts, whatever its kind. */
  service_tier_ratio: ratioText.optional(),
};

/** Other ratios for calls whose whole prompt is longer; what it does not name stays as it is below. */
const tierSchema = z.object({
  above_prompt_tokens: z.int().min(1).max(1_000_000_000),
  ...z.object(tokenRatios).partial().shape,
});

const imageText = z.string().min(1).max(40);

/** The price of a picture of a size, a quality, or both; `per_image_usd` is that of all others. */
const imagePriceSchema = z.object({
  size: imageText.optional(),
  quality: imageText.optional(),
  usd: ratioText,
});

/** The price of one model, or of all models that a name ending in `*` fits. */
export const priceSchema = z.object({
  model: z.string().min(1).max(200),
  ...listedRateFields,
  service_tier_ratios: serviceTierRatios.optional(),
  /** By rising length of the prompt. */
  tiers: z.array(tierSchema).max(8).optional(),
  image_prices: z.array(imagePriceSchema).max(60).optional(),
  /** The most the model can produce; the worst case of a call that names no limit. */
  max_output_tokens: z.int().min(1).max(10_000_000),
  /** The most tokens that the model can look at in one go; absent: not known. A report beyond it cannot be true. */
  context_window: z.int().min(1).max(100_000_000).optional(),
});
export type Price = z.infer<typeof priceSchema>;
export type Tier = z.infer<typeof tierSchema>;

/** A price with its tier, picture and class of service chosen (`ratesFor`): a whole price is none. */
export type Rates = z.infer<z.ZodObject<typeof rateFields>> & {
  readonly tiers?: never;
  readonly image_prices?: never;
  readonly service_tier_ratios?: never;
};

export type RateName = keyof typeof rateFields;
export const rateNames = Object.keys(rateFields) as readonly RateName[];
export const listedRateNames = Object.keys(listedRateFields) as readonly (keyof typeof listedRateFields)[];
export const tokenRatioNames = Object.keys(tokenRatios) as readonly (keyof typeof tokenRatios)[];

/** A ratio in place of the group's own, for users of a group, for a model (or a pattern), or for both. */
const specialRatioSchema = z.object({
  user_group: z.string().min(1).max(64).optional(),
  model: z.string().min(1).max(200).optional(),
  ratio: ratioText,
});

export const groupSchema = z.object({
  name: z.string().min(1).max(64),
  ratio: ratioText,
  special_ratios: z.array(specialRatioSchema).max(500).optional(),
});
export type Group = z.infer<typeof groupSchema>;
