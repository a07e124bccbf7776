import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Channel } from '../../src/relay/channels/channel.js';
import { channelOrder } from '../../src/relay/channels/choose.js';
import { channel } from './support/relay-world.js';

const make = (channelId: string, priority: number, weight: number): Channel => ({
  channelId,
  apiKey: 'k',
  settings: channel(channelId, 'http://upstream', { priority, weight }).settings,
});
const ids = (channels: readonly Channel[]) => channels.map(({ channelId }) => channelId).join('');

describe('the order of channels', () => {
  it('is by priority, and names every channel once', () => {
    const some = fc.array(fc.tuple(fc.integer({ min: -3, max: 3 }), fc.nat({ max: 5 })), { maxLength: 8 });
    fc.assert(
      fc.property(some, fc.infiniteStream(fc.double({ min: 0, max: 0.999, noNaN: true })), (list, draws) => {
        const channels = list.map(([priority, weight], index) => make(String(index), priority, weight));
        const order = channelOrder(channels, () => draws.next().value as number);
        expect(new Set(order)).toEqual(new Set(channels));
        const priorities = order.map(({ settings }) => settings.priority);
        expect(priorities).toEqual([...priorities].sort((a, b) => b - a));
      }),
    );
  });

  it('is drawn by weight among equals', () => {
    const channels = [make('a', 0, 1), make('b', 0, 3)];
    expect(ids(channelOrder(channels, () => 0.24))).toBe('ab');
    expect(ids(channelOrder(channels, () => 0.26))).toBe('ba');
  });

  it('puts a weight of 0 last, and draws equally where all are 0', () => {
    expect(ids(channelOrder([make('a', 0, 0), make('b', 0, 2)], () => 0))).toBe('ba');
    expect(ids(channelOrder([make('a', 0, 0), make('b', 0, 0)], () => 0.6))).toBe('ba');
  });
});
