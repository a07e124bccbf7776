import { describe, expect, it } from '@jest/globals';
import { priceListDecider } from '../../src/domain/price/decide.js';
import { diffOfLists } from '../../src/domain/price/diff.js';
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

  it('may be the first one without an entry, and is not the same because another one was published', () => {
    expect(decide([], [])).toMatchObject({ events: [{ data: { version: 1, prices: [], groups: [] } }] });
    const state = { version: 1, prices: [price()], groups: standard };
    const other = { prices: [price({ model_ratio: '2' })], groups: standard, by: 'operator:test' };
    expect(priceListDecider.decide(other, state)).toMatchObject({ events: [{ data: { version: 2 } }] });
  });

  it('is of at most 5,000 models, 200 groups and what an event carries', () => {
    const models = (count: number) =>
      Array.from({ length: count }, (_, index) => price({ model: `m${index}` }));
    const groups = (count: number) =>
      Array.from({ length: count }, (_, index) => ({ name: `g${index}`, ratio: '1' }));
    expect(decide([], groups(200))).toMatchObject({ kind: 'accepted' });
    expect(decide([], groups(201))).toMatchObject({ refusal: { code: 'price_list_invalid' } });
    expect(decide(models(5_001))).toMatchObject({ refusal: { detail: expect.stringContaining('5000') } });
    const most = 480 * 1024;
    const bytesOf = (list: readonly Price[]) => JSON.stringify([list, standard]).length;
    const sameSize = (index: number) => price({ model: `m${String(index).padStart(4, '0')}` });
    const fitting = Math.floor(
      (most - bytesOf([price({ model: '' })])) / (bytesOf([sameSize(0)]) - bytesOf([]) + 1),
    );
    const rest = Array.from({ length: fitting }, (_, index) => sameSize(index));
    const wide = (length: number) => [...rest, price({ model: 'x'.repeat(length) })];
    const room = most - bytesOf(wide(0));
    expect(decide(wide(room))).toMatchObject({ kind: 'accepted' });
    expect(decide(wide(room + 1))).toMatchObject({
      refusal: { detail: `the list is larger than ${most} bytes` },
    });
  });
});

describe('what another price list changes', () => {
  const groups = [{ name: 'default', ratio: '1' }];
  const named = (model: string, more: Partial<Price> = {}) => price({ model, ...more });

  it('is told by name, in the order of names: what came, what went, and each field that differs', () => {
    const before = {
      prices: [named('same'), named('z'), named('y'), named('gone-b'), named('gone-a')],
      groups: [...groups, { name: 'vip', ratio: '0.5' }],
    };
    const after = {
      prices: [
        named('new-b'),
        named('z', { model_ratio: '2', per_image_usd: '0.04' }),
        named('y', { max_output_tokens: 1 }),
        named('same'),
        named('new-a'),
      ],
      groups: [{ name: 'vip', ratio: '0.6' }, ...groups],
    };
    expect(diffOfLists(before, after)).toEqual({
      models: {
        added: ['new-a', 'new-b'],
        removed: ['gone-a', 'gone-b'],
        changed: [
          { name: 'y', fields: { max_output_tokens: { before: 4096, after: 1 } } },
          {
            name: 'z',
            fields: {
              model_ratio: { before: '1', after: '2' },
              per_image_usd: { before: null, after: '0.04' },
            },
          },
        ],
      },
      groups: {
        added: [],
        removed: [],
        changed: [{ name: 'vip', fields: { ratio: { before: '0.5', after: '0.6' } } }],
      },
    });
  });

  it('is nothing where the lists are the same in another order', () => {
    const [one, two] = [named('a'), named('b')];
    const nothing = { added: [], removed: [], changed: [] };
    expect(diffOfLists({ prices: [one, two], groups }, { prices: [two, one], groups })).toEqual({
      models: nothing,
      groups: nothing,
    });
  });
});
