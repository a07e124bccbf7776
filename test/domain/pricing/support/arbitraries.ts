import fc from 'fast-check';
import type { Price, Rates } from '../../../../src/domain/pricing/price.js';
import { type Usage, usageFrom } from '../../../../src/domain/pricing/usage.js';

export const anyRatio = fc
  .tuple(fc.nat({ max: 1000 }), fc.nat({ max: 999_999_999 }))
  .map(([whole, fraction]) => `${whole}.${String(fraction).padStart(9, '0')}`);

const count = fc.nat({ max: 1_000_000 });
const optionalRatio = fc.option(anyRatio, { nil: undefined });

export const anyRates = fc
  .record({
    model_ratio: anyRatio,
    completion_ratio: anyRatio,
    cache_ratio: anyRatio,
    cache_write_ratio: anyRatio,
    cache_write_1h_ratio: optionalRatio,
    audio_ratio: optionalRatio,
    image_ratio: optionalRatio,
    reasoning_ratio: optionalRatio,
    audio_completion_ratio: optionalRatio,
    image_completion_ratio: optionalRatio,
    per_call_usd: fc.option(anyRatio, { freq: 9 }),
    per_image_usd: optionalRatio,
    per_second_usd: optionalRatio,
    per_character_usd: optionalRatio,
    per_search_usd: optionalRatio,
    per_file_search_usd: optionalRatio,
    per_code_session_usd: optionalRatio,
  })
  .map((rates): Rates => stated(rates) as Rates);

const imagePrices = fc.uniqueArray(
  fc
    .record({
      size: fc.constantFrom(undefined, 'small', 'large'),
      quality: fc.constantFrom(undefined, 'low', 'high'),
      usd: anyRatio,
    })
    .map((entry) => stated(entry) as NonNullable<Price['image_prices']>[number]),
  { selector: ({ size, quality }) => `${size} ${quality}` },
);

/** Tiers that cost more and more a token, as a list must have them. */
const tiers = fc
  .tuple(fc.integer({ min: 1, max: 900_000 }), fc.integer({ min: 1, max: 900_000 }))
  .map(([first, second]) => [first, first + second]);

export const anyPrice = fc
  .record({
    rates: anyRates,
    images: fc.option(imagePrices, { nil: undefined }),
    tiers: fc.option(tiers, { nil: undefined }),
    services: fc.option(fc.record({ priority: optionalRatio, flex: optionalRatio }), { nil: undefined }),
  })
  .map(({ rates, images, tiers: above, services }): Price => {
    const raised = (by: number) => `${Number(rates.model_ratio.split('.')[0]) + by}.999999999`;
    return {
      model: 'model',
      ...rates,
      max_output_tokens: 1_000_000,
      ...(services && { service_tier_ratios: stated(services) }),
      ...(images && { image_prices: images, per_image_usd: rates.per_image_usd ?? '1' }),
      ...(above && {
        tiers: above.map((above_prompt_tokens, index) => ({
          above_prompt_tokens,
          model_ratio: raised(index),
        })),
      }),
    };
  });

/** Parts first: the whole is never less than its parts. */
export const anyUsage = fc
  .tuple(fc.array(count, { minLength: 6, maxLength: 6 }), fc.array(count, { minLength: 10, maxLength: 10 }))
  .map(([prompt, rest]) => {
    const [plain = 0, cached_tokens = 0, cache_write_tokens = 0, cache_write_1h_tokens = 0] = prompt;
    const [, , , , prompt_audio_tokens = 0, prompt_image_tokens = 0] = prompt;
    const [output = 0, reasoning_tokens = 0, completion_audio_tokens = 0, completion_image_tokens = 0] = rest;
    const [
      ,
      ,
      ,
      ,
      images = 0,
      media_ms = 0,
      characters = 0,
      searches = 0,
      file_searches = 0,
      code_sessions = 0,
    ] = rest;
    return usageFrom({
      prompt_tokens: plain + cached_tokens + cache_write_tokens + cache_write_1h_tokens,
      cached_tokens,
      cache_write_tokens,
      cache_write_1h_tokens,
      // Some of it overlaps with what was cached, as upstreams report it.
      prompt_audio_tokens,
      prompt_image_tokens,
      completion_tokens: output + reasoning_tokens,
      reasoning_tokens,
      completion_audio_tokens,
      completion_image_tokens,
      images,
      media_ms,
      characters,
      searches,
      file_searches,
      code_sessions,
    });
  });

const wholes = {
  cached_tokens: 'prompt_tokens',
  cache_write_tokens: 'prompt_tokens',
  cache_write_1h_tokens: 'prompt_tokens',
  prompt_audio_tokens: 'prompt_tokens',
  prompt_image_tokens: 'prompt_tokens',
  reasoning_tokens: 'completion_tokens',
  completion_audio_tokens: 'completion_tokens',
  completion_image_tokens: 'completion_tokens',
} as const;

interface More {
  readonly name: keyof Usage;
  readonly count: number;
}

export const anyMore = fc.record({
  name: fc.constantFrom(...(Object.keys(usageFrom({})) as (keyof Usage)[])),
  count,
});

/** More of a part is more of the whole, too. */
export function plus(usage: Usage, { name, count: more }: More): Usage {
  const whole = name in wholes ? wholes[name as keyof typeof wholes] : undefined;
  const raised = { ...usage, [name]: usage[name] + more };
  return whole ? { ...raised, [whole]: usage[whole] + more } : raised;
}

function stated(record: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined));
}
