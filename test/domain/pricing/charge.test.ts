import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { add, exactDecimal, formatDecimal, ZERO } from '../../../src/domain/money/decimal.js';
import { charge } from '../../../src/domain/pricing/charge.js';
import type { Rates } from '../../../src/domain/pricing/price.js';
import { type Usage, usageFrom } from '../../../src/domain/pricing/usage.js';
import { anyMore, anyRates, anyRatio, anyUsage, plus } from './support/arbitraries.js';

const price = (model_ratio: string, completion_ratio: string, rest: Partial<Rates> = {}): Rates => ({
  model_ratio,
  completion_ratio,
  cache_ratio: '1',
  cache_write_ratio: '1',
  per_call_usd: null,
  ...rest,
});
const used = (prompt: number, completion: number, cached = 0, written = 0): Usage =>
  usageFrom({
    prompt_tokens: prompt,
    completion_tokens: completion,
    cached_tokens: cached,
    cache_write_tokens: written,
  });
const qwen = price('0.8572', '1');
const gpt35 = price('0.25', '3');
const perCall = price('1', '1', { per_call_usd: '0.02' });

describe('charge', () => {
  it.each([
    ['qwen-turbo 14 + 18', qwen, '1', used(14, 18), 27n],
    ['gpt-3.5-turbo 2 + 0', gpt35, '1', used(2, 0), 1n],
    ['gpt-3.5-turbo 6 + 0', gpt35, '1', used(6, 0), 2n],
    ['gpt-3.5-turbo 10 + 0', gpt35, '1', used(10, 0), 3n],
    [
      'gpt-4o, 60 of 100 cached, + 10',
      price('1.25', '4', { cache_ratio: '0.5' }),
      '1',
      used(100, 10, 60),
      138n,
    ],
    ['per call', perCall, '1', used(5, 7), 10_000n],
    ['per call in group 0.5', perCall, '0.5', used(0, 0), 5_000n],
    ['group 0.5, qwen-turbo 14 + 18', qwen, '0.5', used(14, 18), 14n],
    ['at least one', price('0.000001', '1'), '1', used(1, 0), 1n],
    ['nothing used', qwen, '1', used(0, 0), 0n],
    ['a free model', price('0', '1'), '1', used(1000, 1000), 0n],
    ['a free group', qwen, '0', used(1000, 1000), 0n],
    ['free output', price('1', '0'), '1', used(0, 1000), 0n],
    [
      'written to the cache at 1.25',
      price('1', '5', { cache_write_ratio: '1.25' }),
      '1',
      used(100, 0, 0, 100),
      125n,
    ],
    ['more cached than prompt', price('1', '1', { cache_ratio: '0.1' }), '1', used(10, 0, 100), 10n],
  ] as const)('%s', (_, prices, group, usage, quota) => {
    expect(charge(prices, group, usage).quota).toBe(quota);
  });

  it('says what it rounded', () => {
    expect(charge(qwen, '1', used(14, 18))).toMatchObject({
      exact: '27.4304',
      rounding: 'half-away-from-zero',
    });
    expect(charge(price('1', '1'), '1', used(3, 4))).toMatchObject({ exact: '7', rounding: 'none' });
    expect(charge(price('0.0001', '1'), '1', used(1, 0))).toMatchObject({ rounding: 'minimum-of-one' });
    expect(charge(qwen, '1', used(0, 0))).toMatchObject({ exact: '0', rounding: 'free', lines: [] });
  });

  it.each<[string, Rates, Partial<Usage>, bigint]>([
    [
      'Anthropic: 5-minute and 1-hour writes',
      price('1', '5', { cache_ratio: '0.1', cache_write_ratio: '1.25', cache_write_1h_ratio: '2' }),
      { prompt_tokens: 1000, cached_tokens: 100, cache_write_tokens: 200, cache_write_1h_tokens: 300 },
      400n + 10n + 250n + 600n,
    ],
    [
      'an hour as five minutes where it has no ratio',
      price('1', '5', { cache_write_ratio: '1.25' }),
      { prompt_tokens: 100, cache_write_1h_tokens: 100 },
      125n,
    ],
    ['reasoning as output', price('1', '4'), { completion_tokens: 100, reasoning_tokens: 60 }, 400n],
    [
      'reasoning at its own ratio',
      price('1', '4', { reasoning_ratio: '10' }),
      { completion_tokens: 100, reasoning_tokens: 60 },
      160n + 600n,
    ],
    [
      'audio in and out',
      price('1.25', '4', { audio_ratio: '16', audio_completion_ratio: '32' }),
      {
        prompt_tokens: 100,
        prompt_audio_tokens: 60,
        completion_tokens: 50,
        completion_audio_tokens: 40,
      },
      50n + 1200n + 50n + 1600n,
    ],
    [
      'images in and out by tokens',
      price('2.5', '8', { image_ratio: '2', image_completion_ratio: '8' }),
      { prompt_tokens: 100, prompt_image_tokens: 90, completion_tokens: 10, completion_image_tokens: 10 },
      25n + 450n + 200n,
    ],
    [
      'cached tokens are cached ones, whatever they are of',
      price('1', '1', { cache_ratio: '0.5', audio_ratio: '10' }),
      { prompt_tokens: 100, cached_tokens: 80, prompt_audio_tokens: 60 },
      40n + 200n,
    ],
    ['pictures', price('0', '0', { per_image_usd: '0.04' }), { images: 3 }, 60_000n],
    ['sound', price('0', '0', { per_second_usd: '0.0001' }), { media_ms: 12_345 }, 617n],
    ['text spoken', price('0', '0', { per_character_usd: '0.000015' }), { characters: 1_000 }, 7_500n],
    [
      'searches on top of tokens',
      price('1', '1', { per_search_usd: '0.01' }),
      { prompt_tokens: 10, completion_tokens: 5, searches: 2 },
      10_015n,
    ],
    [
      'searches in files and machines for code, each by its own price',
      price('1', '1', { per_search_usd: '1', per_file_search_usd: '0.0025', per_code_session_usd: '0.03' }),
      { prompt_tokens: 10, file_searches: 3, code_sessions: 2 },
      10n + 3_750n + 30_000n,
    ],
    [
      'nothing but the call where that has a price',
      price('1', '1', { per_call_usd: '0.01', per_image_usd: '1' }),
      { prompt_tokens: 10, images: 5 },
      5_000n,
    ],
    ['units without a price', price('0', '0'), { images: 3, media_ms: 9, characters: 9, searches: 9 }, 0n],
  ])('%s', (_, prices, counts, quota) => {
    expect(charge(prices, '1', usageFrom(counts)).quota).toBe(quota);
  });

  it('adds parts by rates and group ratio of their own, and rounds once', () => {
    const advice = { ...price('2.5', '5'), model: 'advisor', group_ratio: '0.5', usage: used(823, 1) };
    // 0.5 of the call and 0.25 of the part: neither is rounded by itself.
    const result = charge(price('0.5', '1'), '1', used(1, 0), [
      { ...price('0.5', '1'), model: 'x', group_ratio: '0.5', usage: used(1, 0) },
      advice,
    ]);
    expect(result).toMatchObject({ exact: '1035.75', quota: 1_036n });
    expect(result.lines.map(({ model, kind, exact }) => [model, kind, exact])).toEqual([
      [undefined, 'input', '0.5'],
      ['x', 'input', '0.25'],
      ['advisor', 'input', '1028.75'],
      ['advisor', 'output', '6.25'],
    ]);
  });

  it('is the sum of the lines that explain it, rounded once', () => {
    fc.assert(
      fc.property(anyRates, anyRatio, anyUsage, (rates, group, usage) => {
        const result = charge(rates, group, usage);
        const sum = result.lines.reduce((total, { exact }) => add(total, exactDecimal(exact)), ZERO);
        expect(formatDecimal(sum)).toBe(result.exact);
        expect(result.quota === 0n).toBe(result.exact === '0');
      }),
    );
  });

  it('never falls when more of anything is used', () => {
    fc.assert(
      fc.property(anyRates, anyRatio, anyUsage, anyMore, (rates, group, usage, more) => {
        const before = charge(rates, group, usage).quota;
        expect(charge(rates, group, plus(usage, more)).quota >= before).toBe(true);
      }),
    );
  });
});
