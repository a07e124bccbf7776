import { describe, expect, it } from '@jest/globals';
import { priceListDecider } from '../../src/domain/price/decide.js';
import type { Group, Price } from '../../src/domain/pricing/price.js';

const price = (more: Partial<Price> = {}): Price => ({
  model: 'a',
  model_ratio: '1',
  completion_ratio: '4',
  cache_ratio: '0.5',
  cache_write_ratio: '1',
  per_call_usd: null,
  max_output_tokens: 4096,
  ...more,
});
const standard = [{ name: 'default', ratio: '1' }];
const decide = (prices: readonly Price[], groups: readonly Group[] = standard) =>
  priceListDecider.decide({ prices, groups, by: 'operator:test' }, priceListDecider.initialState());

describe('a price list', () => {
  it.each<[string, Partial<Price>, RegExp]>([
    ['a * in the middle', { model: 'gpt-*-mini' }, /may only stand at the end/],
    ['pictures without a price for all others', { image_prices: [{ size: 'x', usd: '1' }] }, /per_image_usd/],
    [
      'a picture twice',
      {
        per_image_usd: '1',
        image_prices: [
          { size: 'x', usd: '1' },
          { size: 'x', usd: '2' },
        ],
      },
      /listed twice/,
    ],
    [
      'tiers out of order',
      { tiers: [{ above_prompt_tokens: 200 }, { above_prompt_tokens: 100 }] },
      /in the order/,
    ],
    [
      'a tier that costs less',
      { tiers: [{ above_prompt_tokens: 200, model_ratio: '2', completion_ratio: '1.999999999' }] },
      /costs less/,
    ],
    [
      'a tier in which reasoning costs less',
      { reasoning_ratio: '8', tiers: [{ above_prompt_tokens: 200, reasoning_ratio: '7' }] },
      /costs less/,
    ],
  ])('with %s is refused', (_, more, detail) => {
    expect(decide([price(more)])).toMatchObject({ refusal: { detail: expect.stringMatching(detail) } });
  });

  it.each<[string, Group['special_ratios'], RegExp]>([
    ['names nothing', [{ ratio: '1' }], /names a user_group, a model or both/],
    ['names an unknown group', [{ user_group: 'vip', ratio: '1' }], /no such group/],
    [
      'is listed twice',
      [
        { model: 'a', ratio: '1' },
        { model: 'a', ratio: '2' },
      ],
      /listed twice/,
    ],
  ])('with a special ratio that %s is refused', (_, special_ratios, detail) => {
    const decided = decide([price()], [{ name: 'default', ratio: '1', special_ratios }] as Group[]);
    expect(decided).toMatchObject({ refusal: { detail: expect.stringMatching(detail) } });
  });

  it('with tiers whose tokens cost no less is published, and is the same in another order', () => {
    const tiered = price({
      tiers: [{ above_prompt_tokens: 200_000, model_ratio: '2', completion_ratio: '3' }],
    });
    const groups = [{ name: 'default', ratio: '1', special_ratios: [{ model: 'a', ratio: '0.5' }] }];
    const decided = decide([tiered], groups);
    expect(decided).toMatchObject({ events: [{ type: 'price-list-published', data: { version: 1 } }] });
    const state = {
      version: 1,
      prices: [Object.fromEntries(Object.entries(tiered).reverse()) as Price],
      groups,
    };
    const again = priceListDecider.decide({ prices: [tiered], groups, by: 'operator:test' }, state);
    expect(again).toMatchObject({ events: [], replayed: true });
  });
});
