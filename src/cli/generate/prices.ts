import type { Price } from '../../domain/pricing/price.js';

export const GROUP = { name: 'default', ratio: '1' };

/** What the price list of each version asks for a model, and how much of the calls it has. */
const models = [
  { model: 'gpt-4o-mini', completion: '4', ratios: ['0.075', '0.075', '0.07'] },
  { model: 'qwen-turbo', completion: '1', ratios: ['0.8572', '0.8', '0.6'] },
  { model: 'gpt-4o', completion: '4', ratios: ['2.5', '1.25', '1.25'] },
  { model: 'claude-sonnet', completion: '5', ratios: ['1.5', '1.5', '1.35'] },
] as const;

export const PRICE_VERSIONS = 3;

/** @param version from 1 to PRICE_VERSIONS */
export function pricesOf(version: number): readonly [Price, ...Price[]] {
  const byToken = models.map(({ model, completion, ratios }): Price => ({
    model,
    model_ratio: ratios[version - 1] ?? ratios[0],
    completion_ratio: completion,
    cache_ratio: '0.5',
    cache_write_ratio: '1',
    per_call_usd: null,
    max_output_tokens: 8_192,
  }));
  const perCall: Price = {
    model: 'image-small',
    model_ratio: '0',
    completion_ratio: '0',
    cache_ratio: '0',
    cache_write_ratio: '0',
    per_call_usd: '0.02',
    max_output_tokens: 1,
  };
  return [perCall, ...byToken];
}
