import { describe, expect, it } from '@jest/globals';
import { capacity } from '../../../src/domain/pricing/capacity.js';
import type { Price } from '../../../src/domain/pricing/price.js';

const price = (
  model_ratio: string,
  completion_ratio: string,
  per_call_usd: string | null = null,
  rest: Partial<Price> = {},
): Price => ({
  model: 'model',
  model_ratio,
  completion_ratio,
  cache_ratio: '1',
  cache_write_ratio: '1',
  per_call_usd,
  max_output_tokens: 1,
  ...rest,
});

describe('capacity', () => {
  it.each([
    ['deepseek-chat', price('0.135', '4'), 15_000_000n, 135n, 540n, 111_111n, '0.00027'],
    ['qwen-turbo', price('0.8572', '1'), 15_000_000n, 857n, 857n, 17_502n, '0.0017144'],
    ['deepseek-chat', price('0.135', '4'), 250_000n, 135n, 540n, 1_851n, '0.00027'],
    ['a model of 0.275', price('0.275', '1'), 250_000n, 275n, 275n, 909n, '0.00055'],
    ['gpt-4', price('15', '2'), 250_000n, 15_000n, 30_000n, 16n, '0.03'],
  ])('of %s', (_, prices, quota, quotaPer1kInput, quotaPer1kOutput, input1k, basePriceUsd) => {
    expect(capacity(prices, '1', quota)).toEqual({
      kind: 'tokens',
      quotaPer1kInput,
      quotaPer1kOutput,
      input1k,
      basePriceUsd,
    });
  });

  it('counts calls where the price is per call, and the group in both', () => {
    expect(capacity(price('1', '1', '0.02'), '0.5', 12_000n)).toEqual({
      kind: 'units',
      unit: 'call',
      quotaPerUnit: 5_000n,
      units: 2n,
      priceUsd: '0.01',
    });
    expect(capacity(price('1', '1'), '0.5', 1_000n)).toMatchObject({ quotaPer1kInput: 500n, input1k: 2n });
  });

  it.each([
    ['image', { per_image_usd: '0.04' }, 20_000n, '0.04'],
    ['second', { per_second_usd: '0.0001' }, 50n, '0.0001'],
    ['thousand_characters', { per_character_usd: '0.000015' }, 7_500n, '0.015'],
  ] as const)('counts in units of a %s where tokens cost nothing', (unit, prices, quotaPerUnit, priceUsd) => {
    expect(capacity(price('0', '1', null, prices), '1', 100_000n)).toEqual({
      kind: 'units',
      unit,
      quotaPerUnit,
      units: 100_000n / quotaPerUnit,
      priceUsd,
    });
  });

  it('says what is free', () => {
    expect(capacity(price('0', '1'), '1', 1n)).toEqual({ kind: 'free' });
    expect(capacity(price('0.0004', '1'), '1', 1n)).toEqual({ kind: 'free' });
    expect(capacity(price('1', '1', '0'), '1', 1n)).toEqual({ kind: 'free' });
  });
});
