import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Channel, ServingChannel } from '../../../src/relay/upstreams/channel.js';
import { channelOrder, serversOf } from '../../../src/relay/channels/choose.js';
import { lotOf, lotOfChance } from '../../../src/relay/channels/lot.js';
import { openChannel, serving } from '../support/channels.js';

const ids = (channels: readonly { channelId: string }[]) =>
  channels.map(({ channelId }) => channelId).join('');
const first = (channels: readonly ServingChannel[], conversation: string): string =>
  (channelOrder(channels, lotOf(conversation))[0] as Channel).channelId;

function sharesOf(channels: readonly ServingChannel[], chosen: (n: number) => string, calls: number) {
  const counts = new Map(channels.map(({ channelId }) => [channelId, 0]));
  for (let n = 0; n < calls; n++) {
    const channelId = chosen(n);
    counts.set(channelId, (counts.get(channelId) ?? 0) + 1);
  }
  return channels.map(({ channelId }) => (counts.get(channelId) ?? 0) / calls);
}

/** Of so many draws, four standard deviations. */
const tolerance = (share: number, calls: number) => 4 * Math.sqrt((share * (1 - share)) / calls) + 0.001;

describe('the channels that serve a model', () => {
  it('are those that name it or map it before those that cover it, then by priority', () => {
    const channels = [
      openChannel('a', { models: ['*'], priority: 9 }),
      openChannel('b', { models: ['gpt-4o'], priority: 0 }),
      openChannel('c', { models: ['gpt-4*'], priority: 9 }),
      openChannel('d', { models: ['other'], model_mapping: { 'gpt-4o': 'x' }, priority: 5 }),
      openChannel('e', { models: ['other'], priority: 5 }),
    ];
    expect(serversOf(channels, 'gpt-4o').map(({ channelId, tier }) => `${channelId}${tier}`)).toEqual([
      'd0',
      'b1',
      'a2',
      'c2',
    ]);
    expect(serversOf(channels, 'unknown').map(({ channelId }) => channelId)).toEqual(['a']);
  });
});

describe('the order of channels', () => {
  it('is by tier, and names every key once, those of a channel together', () => {
    const some = fc.array(fc.tuple(fc.nat({ max: 3 }), fc.nat({ max: 5 }), fc.integer({ min: 1, max: 3 })), {
      maxLength: 8,
    });
    fc.assert(
      fc.property(some, fc.string(), (list, conversation) => {
        const channels = list
          .map(([tier, weight, keys], index) => serving(String(index), weight, tier, keys))
          .sort((a, b) => a.tier - b.tier);
        const order = channelOrder(channels, lotOf(conversation));
        expect(new Set(order)).toEqual(new Set(channels.flatMap(({ keys }) => keys)));
        const tierOf = (id: string) => channels.find(({ channelId }) => channelId === id)?.tier ?? -1;
        const tiers = order.map(({ channelId }) => tierOf(channelId));
        expect(tiers).toEqual([...tiers].sort((a, b) => a - b));
        const runs = order.filter(({ channelId }, at) => channelId !== order[at - 1]?.channelId);
        expect(runs).toHaveLength(channels.length);
      }),
    );
  });

  it('shares by weight, by lot as by conversation', () => {
    const weights = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 2, maxLength: 5 });
    fc.assert(
      fc.property(weights, fc.integer({ min: 1 }), (list, seed) => {
        const calls = 3_000;
        const channels = list.map((weight, index) => serving(`channel-${index}`, weight));
        const total = list.reduce((sum, weight) => sum + weight, 0);
        let state = seed;
        const draw = () => (state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff) / 2 ** 31;
        const drawn = Array.from({ length: calls }, () =>
          ids(channelOrder(channels, lotOfChance(draw)).slice(0, 1)),
        );
        const hashed = sharesOf(channels, (n) => first(channels, `account-${seed} prompt ${n}`), calls);
        const lots = sharesOf(channels, (n) => drawn[n] as string, calls);
        for (const [index, weight] of list.entries()) {
          const share = weight / total;
          expect(Math.abs((hashed[index] ?? 0) - share)).toBeLessThan(tolerance(share, calls));
          expect(Math.abs((lots[index] ?? 0) - share)).toBeLessThan(tolerance(share, calls));
        }
      }),
      { numRuns: 20, seed: 4 },
    );
  });

  it('keeps a conversation where it is when another channel leaves, and spreads those of the one that left', () => {
    const weights = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 3, maxLength: 6 });
    fc.assert(
      fc.property(weights, fc.nat(), (list, which) => {
        const channels = list.map((weight, index) => serving(`channel-${index}`, weight));
        const gone = channels[which % channels.length] as ServingChannel;
        const left = channels.filter((channel) => channel !== gone);
        const moved = new Set<string>();
        for (let n = 0; n < 400; n++) {
          const [before, after] = [first(channels, `c${n}`), first(left, `c${n}`)];
          if (before === gone.channelId) moved.add(after);
          else expect(after).toBe(before);
        }
        expect(moved.size).toBeGreaterThan(0);
      }),
      { numRuns: 30 },
    );
  });

  it('keeps a conversation at its key, and spreads conversations over the keys', () => {
    const channels = [serving('a', 1, 0, 4)];
    const keys = Array.from({ length: 400 }, (_, n) => channelOrder(channels, lotOf(`c${n}`))[0]?.keyId);
    expect(new Set(keys).size).toBe(4);
    expect(channelOrder(channels, lotOf('c7'))[0]?.keyId).toBe(keys[7]);
  });

  it('puts a weight of 0 last, and draws equally where all are 0', () => {
    for (let n = 0; n < 50; n++) {
      expect(ids(channelOrder([serving('a', 0), serving('b', 2)], lotOf(`c${n}`)))).toBe('ba');
    }
    const orders = Array.from({ length: 50 }, (_, n) =>
      ids(channelOrder([serving('a', 0), serving('b', 0)], lotOf(`c${n}`))),
    );
    expect(new Set(orders)).toEqual(new Set(['ab', 'ba']));
  });
});
