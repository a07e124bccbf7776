import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decodeEvent, encodeEvent } from '../../src/domain/events/codec.js';
import { typeOfStored } from '../../src/domain/events/versions.js';
import { decimal, formatDecimal, fromInteger, multiply } from '../../src/domain/money/decimal.js';
import { charge } from '../../src/domain/pricing/charge.js';
import { usageFrom } from '../../src/domain/pricing/usage.js';
import { anEvent } from '../support/events.js';
import { anyRatio } from './pricing/support/arbitraries.js';

const count = fc.nat({ max: 1_000_000 });

describe('usage events of version 1', () => {
  it.each(['consumption-recorded', 'call-abandoned'] as const)('%s replays to the same quota', (kind) => {
    fc.assert(
      fc.property(
        fc.tuple(count, count, count, count),
        fc.tuple(anyRatio, anyRatio, anyRatio, anyRatio),
        anyRatio,
        ([prompt, cached, written, output], [model, completion, cache, write], group) => {
          const usage = {
            prompt_tokens: prompt,
            cached_tokens: cached,
            cache_write_tokens: written,
            completion_tokens: output,
          };
          const ratios = {
            model_ratio: model,
            completion_ratio: completion,
            cache_ratio: cache,
            cache_write_ratio: write,
            group_ratio: group,
          };
          const { data } = anEvent(kind, ratios);
          const stored = { ...encodeEvent({ ...anEvent(kind), data } as never).data, usage };
          const event = decodeEvent(`${kind}.v1`, stored);
          if (event.type !== 'consumption-recorded' && event.type !== 'call-abandoned')
            throw new Error(event.type);
          expect(event.data.usage).toEqual(usageFrom(usage));
          expect(charge(event.data, group, event.data.usage).exact).toBe(exactOfVersion1(usage, ratios));
        },
      ),
    );
  });

  it('is told by its name, whichever version it is', () => {
    expect(typeOfStored('call-abandoned.v1')).toBe('call-abandoned');
    expect(typeOfStored('call-failed.v1')).toBe('call-failed');
    expect(typeOfStored('call-failed.v9')).toBeUndefined();
  });
});

describe('usage', () => {
  it('is stored without what there was none of', () => {
    const usage = usageFrom({ prompt_tokens: 0, completion_tokens: 5, images: 1 });
    const { type, data: stored } = encodeEvent(anEvent('consumption-recorded', { usage }));
    expect(stored['usage']).toEqual({ prompt_tokens: 0, completion_tokens: 5, images: 1 });
    expect(decodeEvent(type, stored)).toMatchObject({ data: { usage } });
  });

  it.each([Number.NaN, -1, 1.5])('is not stored with a count of %s', (searches) => {
    const usage = usageFrom({ searches });
    expect(() => encodeEvent(anEvent('consumption-recorded', { usage }))).toThrow();
  });
});

/** The formula as it was, in unscaled integers: 9 places of each ratio. */
function exactOfVersion1(
  usage: {
    prompt_tokens: number;
    cached_tokens: number;
    cache_write_tokens: number;
    completion_tokens: number;
  },
  ratios: Record<
    'model_ratio' | 'completion_ratio' | 'cache_ratio' | 'cache_write_ratio' | 'group_ratio',
    string
  >,
): string {
  const nine = (ratio: string) => multiply(decimal(ratio), fromInteger(10n ** 9n));
  const whole = (ratio: string) => BigInt(formatDecimal(nine(ratio)));
  const plain = Math.max(0, usage.prompt_tokens - usage.cached_tokens - usage.cache_write_tokens);
  const sum =
    BigInt(plain) * 10n ** 9n +
    BigInt(usage.cached_tokens) * whole(ratios.cache_ratio) +
    BigInt(usage.cache_write_tokens) * whole(ratios.cache_write_ratio) +
    BigInt(usage.completion_tokens) * whole(ratios.completion_ratio);
  const unscaled = sum * whole(ratios.model_ratio) * whole(ratios.group_ratio);
  return formatDecimal({ unscaled, scale: 27 });
}
