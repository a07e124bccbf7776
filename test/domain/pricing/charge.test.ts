import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { add, decimal, formatDecimal, ZERO } from '../../../src/domain/money/decimal.js';
import { charge, type PriceRatios } from '../../../src/domain/pricing/charge.js';
import type { TokenUsage } from '../../../src/domain/pricing/price.js';

const price = (
  model_ratio: string,
  completion_ratio: string,
  rest: Partial<PriceRatios> = {},
): PriceRatios => ({
  model_ratio,
  completion_ratio,
  cache_ratio: '1',
  cache_write_ratio: '1',
  per_call_usd: null,
  ...rest,
});
const used = (prompt: number, completion: number, cached = 0, written = 0): TokenUsage => ({
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

  const ratio = fc
    .tuple(fc.nat({ max: 1000 }), fc.nat({ max: 999_999 }))
    .map(([whole, fraction]) => `${whole}.${String(fraction).padStart(6, '0')}`);
  const count = fc.nat({ max: 1_000_000 });
  const usages = fc
    .tuple(count, count, count, count)
    .map(([plain, cached, written, output]) => used(plain + cached + written, output, cached, written));
  const prices = fc
    .tuple(ratio, ratio, ratio, ratio)
    .map(([model, completion, cache, write]) =>
      price(model, completion, { cache_ratio: cache, cache_write_ratio: write }),
    );

  it('is the sum of the lines that explain it, rounded once', () => {
    fc.assert(
      fc.property(prices, ratio, usages, (priced, group, usage) => {
        const result = charge(priced, group, usage);
        const sum = result.lines.reduce((total, { exact }) => add(total, decimalOf(exact)), ZERO);
        expect(formatDecimal(sum)).toBe(result.exact);
        expect(result.quota === 0n).toBe(result.exact === '0');
      }),
    );
  });

  it('never falls when more is used', () => {
    fc.assert(
      fc.property(prices, ratio, usages, count, (priced, group, usage, more) => {
        const less = charge(priced, group, usage).quota;
        const longer = { ...usage, completion_tokens: usage.completion_tokens + more };
        expect(charge(priced, group, longer).quota >= less).toBe(true);
      }),
    );
  });
});

/** As `decimal`, for exact results with more digits than any price has. */
function decimalOf(text: string) {
  const [whole = '0', fraction = ''] = text.split('.');
  return fraction.length <= 18
    ? decimal(text)
    : { unscaled: BigInt(whole + fraction), scale: fraction.length };
}
