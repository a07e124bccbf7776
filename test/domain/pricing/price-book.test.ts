import { describe, expect, it } from '@jest/globals';
import { groupRatioFor } from '../../../src/domain/pricing/group-ratio.js';
import { PriceBook } from '../../../src/domain/pricing/price-book.js';
import type { Price } from '../../../src/domain/pricing/price.js';
import { imagePrice, ratesFor } from '../../../src/domain/pricing/rates.js';

const price = (model: string): Price => ({
  model,
  model_ratio: '1',
  completion_ratio: '1',
  cache_ratio: '1',
  cache_write_ratio: '1',
  per_call_usd: null,
  max_output_tokens: 1,
});

describe('a price book', () => {
  const book = new PriceBook(['gpt-4o', 'gpt-4o-*', 'gpt-*', 'gpt-4o-mini'].map(price));

  it.each([
    ['gpt-4o', 'gpt-4o'],
    ['gpt-4o-mini', 'gpt-4o-mini'],
    ['gpt-4o-2024-11-20', 'gpt-4o-*'],
    ['gpt-4o-', 'gpt-4o-*'],
    ['gpt-5', 'gpt-*'],
    ['gpt', undefined],
    ['o3', undefined],
  ])('prices %s as %s', (model, found) => {
    expect(book.get(model)?.model).toBe(found);
    expect(book.has(model)).toBe(found !== undefined);
  });

  it('has a price for everything where a lone * is listed', () => {
    const all = new PriceBook(['*', 'o3'].map(price));
    expect(all.get('o3')?.model).toBe('o3');
    expect(all.get('anything')?.model).toBe('*');
  });
});

describe('the ratio of a group', () => {
  const group = {
    name: 'fast',
    ratio: '1',
    special_ratios: [
      { model: 'gpt-4o', ratio: '0.9' },
      { model: 'gpt-*', ratio: '0.8' },
      { user_group: 'vip', ratio: '0.5' },
      { user_group: 'vip', model: 'gpt-*', ratio: '0.4' },
    ],
  };

  it.each([
    ['default', 'o3', '1', undefined],
    ['default', 'gpt-4o', '0.9', undefined],
    ['default', 'gpt-5', '0.8', undefined],
    ['vip', 'o3', '0.5', 'vip'],
    ['vip', 'gpt-4o', '0.4', 'vip'],
    [undefined, 'o3', '1', undefined],
  ])('of users of %s for %s is %s', (user, model, ratio, userGroup) => {
    expect(groupRatioFor(group, user, model)).toEqual({ ratio, userGroup });
  });
});

describe('the price of a picture', () => {
  const entries = [
    { usd: '1' },
    { quality: 'high', usd: '2' },
    { size: '1024x1024', usd: '3' },
    { size: '1024x1024', quality: 'high', usd: '4' },
  ];
  const orders = [entries, [...entries].reverse(), [...entries.slice(2), ...entries.slice(0, 2)]];

  it.each([
    [{ size: '1024x1024', quality: 'high' }, '4'],
    [{ size: '1024x1024', quality: 'low' }, '3'],
    [{ size: '1024x1024' }, '3'],
    [{ size: '512x512', quality: 'high' }, '2'],
    [{ quality: 'high' }, '2'],
    [{ size: '512x512', quality: 'low' }, '1'],
    [{}, '1'],
  ])('is that which says most of %j, wherever it stands', (image, usd) => {
    for (const image_prices of orders)
      expect(imagePrice({ ...price('dall-e'), image_prices }, image)).toBe(usd);
  });

  it('is that of any picture where none says it, and of two that say the same the first', () => {
    const listed = { ...price('dall-e'), per_image_usd: '9', image_prices: entries.slice(1) };
    expect(imagePrice(listed, { size: '512x512', quality: 'low' })).toBe('9');
    const twice = [
      { quality: 'high', usd: '5' },
      { quality: 'high', usd: '6' },
    ];
    expect(imagePrice({ ...price('dall-e'), image_prices: twice }, { quality: 'high' })).toBe('5');
  });

  it('is the price of any picture where no picture has one of its own', () => {
    const listed = { ...price('dall-e'), per_image_usd: '0.04' };
    expect(ratesFor(listed, 0, { size: '512x512' }).per_image_usd).toBe('0.04');
    const image_prices = [{ size: '512x512', usd: '0.02' }];
    expect(ratesFor({ ...listed, image_prices }, 0, { size: '512x512' }).per_image_usd).toBe('0.02');
    expect(ratesFor({ ...listed, image_prices }, 0, { size: 'other' }).per_image_usd).toBe('0.04');
    expect(ratesFor(price('text'), 0).per_image_usd).toBeUndefined();
  });
});
