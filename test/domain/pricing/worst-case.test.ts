import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { charge } from '../../../src/domain/pricing/charge.js';
import type { Price } from '../../../src/domain/pricing/price.js';
import { ratesFor } from '../../../src/domain/pricing/rates.js';
import { type Usage, usageFrom } from '../../../src/domain/pricing/usage.js';
import { worstCharge } from '../../../src/domain/pricing/worst-case.js';
import { anyMore, anyPrice, anyRatio, anyUsage, plus } from './support/arbitraries.js';

const price = (rest: Partial<Price> = {}): Price => ({
  model: 'model',
  model_ratio: '1',
  completion_ratio: '4',
  cache_ratio: '0.5',
  cache_write_ratio: '1',
  per_call_usd: null,
  max_output_tokens: 1_000,
  ...rest,
});
const picture = fc.record({
  size: fc.constantFrom(undefined, 'small', 'large', 'odd'),
  quality: fc.constantFrom(undefined, 'low', 'high', 'odd'),
});

describe('the worst case', () => {
  it.each([
    ['plain tokens', price(), {}, 500n],
    ['writing to the cache', price({ cache_write_ratio: '1.25' }), {}, 525n],
    ['writing for an hour', price({ cache_write_1h_ratio: '2' }), {}, 600n],
    ['five minutes at most', price({ cache_write_1h_ratio: '2' }), { cacheWrites: '5m' }, 500n],
    ['no writing', price({ cache_write_ratio: '1.25' }), { cacheWrites: 'none' }, 500n],
    ['dear reading of the cache', price({ cache_ratio: '3' }), {}, 700n],
    ['audio', price({ audio_ratio: '10', audio_completion_ratio: '20' }), {}, 3000n],
    ['reasoning', price({ reasoning_ratio: '6' }), {}, 700n],
    ['a tier in reach', price({ tiers: [{ above_prompt_tokens: 99, model_ratio: '2' }] }), {}, 1000n],
    ['a tier out of reach', price({ tiers: [{ above_prompt_tokens: 100, model_ratio: '2' }] }), {}, 500n],
    ['pictures', price({ per_image_usd: '0.01' }), { images: 2 }, 10_500n],
  ] as const)('counts %s', (_, priced, units, quota) => {
    expect(worstCharge(priced, '1', { promptTokens: 100, ...units }, 100)).toBe(quota);
  });

  it('is the dearest picture that the request may turn out to be', () => {
    const priced = price({
      per_image_usd: '0.01',
      image_prices: [
        { size: 'large', usd: '0.02' },
        { size: 'large', quality: 'high', usd: '0.03' },
      ],
    });
    const worst = (image?: { size?: string; quality?: string }) =>
      worstCharge(priced, '1', { promptTokens: 0, images: 1, image }, 0);
    expect(worst()).toBe(15_000n);
    expect(worst({ size: 'small' })).toBe(5_000n);
    expect(worst({ size: 'large' })).toBe(15_000n);
    expect(worst({ size: 'large', quality: 'low' })).toBe(10_000n);
    expect(worst({ quality: 'high' })).toBe(15_000n);
    // The size is open, and what no entry of that quality has is at the price of any picture.
    expect(worst({ quality: 'low' })).toBe(10_000n);
  });

  it('is never below a charge within it', () => {
    fc.assert(
      fc.property(anyPrice, anyRatio, anyUsage, picture, picture, (priced, group, usage, asked, made) => {
        const bound = {
          promptTokens: usage.prompt_tokens,
          images: usage.images,
          image: asked,
          mediaMs: usage.media_ms,
          characters: usage.characters,
          searches: usage.searches,
          fileSearches: usage.file_searches,
          codeSessions: usage.code_sessions,
        };
        const image = { size: asked.size ?? made.size, quality: asked.quality ?? made.quality };
        const { quota } = charge(ratesFor(priced, usage.prompt_tokens, image), group, usage);
        expect(worstCharge(priced, group, bound, usage.completion_tokens) >= quota).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });

  it('is never below a charge in the class of service that was asked for, nor in the list’s', () => {
    const asked = fc.constantFrom('any', 'priority', 'flex', 'batch' as const);
    const made = fc.constantFrom(undefined, 'priority', 'flex' as const);
    fc.assert(
      fc.property(anyPrice, anyRatio, anyUsage, asked, made, (priced, group, usage, serviceTier, other) => {
        const { prompt_tokens: promptTokens, completion_tokens: outputTokens } = usage;
        const tokens = { ...usage, images: 0, media_ms: 0, characters: 0, searches: 0 };
        const used = { ...tokens, file_searches: 0, code_sessions: 0 };
        const worst = worstCharge(priced, group, { promptTokens, serviceTier }, outputTokens);
        for (const tier of [undefined, serviceTier === 'any' ? other : serviceTier])
          expect(worst >= charge(ratesFor(priced, promptTokens, {}, tier), group, used).quota).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });

  it('holds for a shorter prompt and a shorter answer', () => {
    fc.assert(
      fc.property(anyPrice, anyRatio, anyUsage, anyMore, (priced, group, usage, more) => {
        const longer = plus(usage, more);
        const charged = (used: Usage) => charge(ratesFor(priced, used.prompt_tokens), group, used).quota;
        const bound = {
          promptTokens: longer.prompt_tokens,
          images: longer.images,
          mediaMs: longer.media_ms,
          characters: longer.characters,
          searches: longer.searches,
          fileSearches: longer.file_searches,
          codeSessions: longer.code_sessions,
        };
        expect(worstCharge(priced, group, bound, longer.completion_tokens) >= charged(usage)).toBe(true);
        expect(charged(longer) >= charged(usage)).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });

  it('costs nothing where nothing does', () => {
    const free = price({ model_ratio: '0' });
    expect(worstCharge(free, '1', { promptTokens: 10, images: 3 }, 10)).toBe(0n);
    expect(charge(ratesFor(free, 10), '1', usageFrom({ prompt_tokens: 10 })).quota).toBe(0n);
  });
});
