import { z } from 'zod';
import { parseDecimal } from '../money/decimal.js';

/** A decimal ratio or dollar price as text: exact, not negative, at most 9 digits before and 9 after the point. */
export const ratioText = z
  .string()
  .regex(/^\d{1,9}(\.\d{1,9})?$/, 'a decimal that is not negative, with at most 9 digits on each side')
  .refine((text) => parseDecimal(text) !== undefined)
  .meta({ description: 'exact decimal text' });

/** The price of one model in a price list. Ratio 1 is 0.002 USD per 1,000 tokens. */
export const priceSchema = z.object({
  model: z.string().min(1).max(200),
  model_ratio: ratioText,
  /** Output tokens count this many times. */
  completion_ratio: ratioText,
  /** Tokens read from the prompt cache count this many times. */
  cache_ratio: ratioText,
  /** Tokens written to the prompt cache count this many times. */
  cache_write_ratio: ratioText,
  /** Set: a call costs this many dollars whatever it used; the ratios are not looked at. */
  per_call_usd: ratioText.nullable(),
  /** The most the model can produce; the worst case of a call that names no limit. */
  max_output_tokens: z.int().min(1).max(10_000_000),
});
export type Price = z.infer<typeof priceSchema>;

export const groupSchema = z.object({ name: z.string().min(1).max(64), ratio: ratioText });
export type Group = z.infer<typeof groupSchema>;

const tokenCount = z.int().min(0).max(1_000_000_000);

/** What a call used, in one shape for all dialects. `prompt_tokens` includes the cached and the cache-written ones. */
export const tokenUsageSchema = z.object({
  prompt_tokens: tokenCount,
  cached_tokens: tokenCount,
  cache_write_tokens: tokenCount,
  completion_tokens: tokenCount,
});
export type TokenUsage = z.infer<typeof tokenUsageSchema>;
