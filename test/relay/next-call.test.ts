import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ChannelSettings } from '../../src/domain/channel/settings.js';
import { PriceBook } from '../../src/domain/pricing/price-book.js';
import type { CatalogueSnapshot } from '../../src/relay/catalogue.js';
import { Candidates } from '../../src/relay/channels/candidates.js';
import { channelOrder, serversOf } from '../../src/relay/channels/choose.js';
import type { ChannelReport } from '../../src/relay/channels/health/channel-reports.js';
import { lotOf } from '../../src/relay/channels/lot.js';
import { targetsOf } from '../../src/relay/channels/targets.js';
import { standingAfter } from '../../src/relay/channels/traffic.js';
import { type AskedCall, nextCall } from '../../src/relay/next-call.js';
import { upstreamModelOf } from '../../src/relay/upstreams/channel.js';
import { openChannel } from './support/channels.js';

const MODEL = 'gpt-test';
const CALL: AskedCall = { model: MODEL, group: 'default', protocol: 'chat' };
type Open = ReturnType<typeof openChannel>;

function catalogueOf(
  channels: readonly Open[],
  priced: readonly string[] = [MODEL],
): Pick<CatalogueSnapshot, 'groups' | 'prices' | 'channels'> {
  const prices = priced.map((model) => ({ model, model_ratio: '1', completion_ratio: '1' }));
  return {
    groups: new Map([['default', { name: 'default', ratio: '1' }]]),
    prices: new PriceBook(prices as unknown as ConstructorParameters<typeof PriceBook>[0]),
    channels: (group, model) =>
      serversOf(
        channels.filter(({ settings }) => settings.groups.includes(group)),
        model,
      ),
  };
}

const nothing = {
  times: undefined,
  failing: [],
  running: 0,
  check: undefined,
  balance: undefined,
  slices: [],
};
const failing = (target: string, backInMs: number | undefined): ChannelReport => ({
  ...nothing,
  channelId: target.split(/[/#]/)[0] as string,
  failing: [{ target, failures: 1, reason: 'status-500', backInMs }],
});

/** What calls really come to first, by the relay's own parts: so many conversations, each its own lots. */
async function dealt(channels: readonly Open[], reports: readonly ChannelReport[], calls: number) {
  const standing = (channel: Open['keys'][number], model: string) =>
    standingAfter(
      reports.flatMap(({ failing: failed }) =>
        failed
          .filter(({ target }) => targetsOf(channel, upstreamModelOf(channel, model)).includes(target))
          .map(({ backInMs }) => backInMs),
      ),
    );
  const traffic = {
    standing,
    mayProbe: () => Promise.resolve(false),
    enter: () => Promise.resolve(() => undefined),
  };
  const serving = serversOf(channels, MODEL);
  const counts = new Map<string, number>();
  for (let n = 0; n < calls; n++) {
    const order = channelOrder(serving, lotOf(`conversation ${n}`));
    const first = await new Candidates(order, MODEL, `call-${n}`, traffic).next();
    const id = first?.channel.channelId ?? '';
    counts.set(id, (counts.get(id) ?? 0) + 1 / calls);
  }
  return counts;
}

const found = (channels: readonly Open[], reports: readonly ChannelReport[] = [], asked = CALL) => {
  const next = nextCall(catalogueOf(channels), reports, asked);
  return next.kind === 'refused'
    ? next.why
    : next.turns.map(({ channel, standing, share }) => [channel.channelId, standing.kind, share]);
};
const one = (id: string, more: Partial<ChannelSettings> = {}, keys = 1) => openChannel(id, more, keys);

describe('who gets the next call', () => {
  it('is who the relay asks first, as often as it is said, whatever the channels', async () => {
    const some = fc.record({
      weight: fc.nat({ max: 3 }),
      priority: fc.nat({ max: 1 }),
      named: fc.boolean(),
      keys: fc.integer({ min: 1, max: 2 }),
      cools: fc.constantFrom(undefined, 'channel', 'key', 'probe', 'model', 'passed' as const),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(some, { minLength: 1, maxLength: 5 }), async (list) => {
        const channels = list.map(({ weight, priority, named, keys }, index) =>
          one(`channel-${index}`, { weight, priority, models: [named ? MODEL : 'gpt-*'] }, keys),
        );
        const reports = list.flatMap(({ cools }, index) => {
          const id = `channel-${index}`;
          if (cools === undefined) return [];
          const [target, backInMs] = {
            channel: [id, 1_000 + index],
            key: [`${id}/key-1`, 1_000 + index],
            model: [`${id}#${MODEL}`, 1_000 + index],
            probe: [id, 0],
            passed: [id, undefined],
          }[cools] as [string, number | undefined];
          return [failing(target, backInMs)];
        });
        const next = nextCall(catalogueOf(channels), reports, CALL);
        if (next.kind === 'refused') throw new Error(next.why);
        const calls = 300;
        const counts = await dealt(channels, reports, calls);
        const shares = next.turns.map(({ share }) => share ?? 0);
        const sum = shares.reduce((total, share) => total + share, 0);
        if (sum === 0) {
          // Nobody is sound: one of those that are back the soonest is asked.
          const [first] = next.turns;
          const soonest = next.turns.filter(({ standing }) => isDeepStrictEqual(standing, first?.standing));
          const ids = soonest.map(({ channel }) => channel.channelId);
          return expect(ids).toEqual(expect.arrayContaining([...counts.keys()]));
        }
        expect(sum).toBeCloseTo(1, 9);
        for (const { channel, share = 0 } of next.turns) {
          const tolerance = 5 * Math.sqrt((share * (1 - share)) / calls) + 1e-9;
          expect(Math.abs((counts.get(channel.channelId) ?? 0) - share)).toBeLessThanOrEqual(tolerance);
        }
      }),
      { numRuns: 40, seed: 15 },
    );
  });

  it('shares by weight within the best tier that is sound; the rest waits', () => {
    const channels = [
      one('a', { priority: 2, weight: 5 }),
      one('b', { priority: 1, weight: 3 }),
      one('c', { priority: 1, weight: 1 }),
      one('d', { priority: 1, weight: 0 }),
    ];
    expect(found(channels)).toEqual([
      ['a', 'open', 1],
      ['b', 'open', undefined],
      ['c', 'open', undefined],
      ['d', 'open', undefined],
    ]);
    expect(found(channels, [failing('a', 9_000)])).toEqual([
      ['b', 'open', 0.75],
      ['c', 'open', 0.25],
      ['d', 'open', undefined],
      ['a', 'cooling', undefined],
    ]);
  });

  it('passes over who is full, and a channel is sound while one of its keys is', () => {
    const channels = [one('a', { max_concurrency: 2 }), one('b', {}, 2)];
    const full: ChannelReport = { ...nothing, channelId: 'a', running: 2 };
    expect(found(channels, [full, failing('b/key-1', 5_000)])).toEqual([
      ['b', 'open', 1],
      ['a', 'full', undefined],
    ]);
  });

  it('puts who must convert behind its equals, and leaves out who cannot be asked that way', () => {
    const conversion = { ...one('x').settings.conversion, from: ['messages' as const] };
    const channels = [one('converts', { conversion, weight: 9 }), one('chats')];
    expect(found(channels, [], { ...CALL, protocol: 'messages' })).toEqual([['converts', 'open', 1]]);
    expect(found(channels, [], { ...CALL, protocol: 'generate' })).toBe('no_protocol');
  });

  it.each([
    ['no_group', { group: 'vip' }],
    ['no_price', { model: 'gpt-unpriced' }],
  ])('says %s before any channel is looked for', (why, more) => {
    expect(found([one('a', { models: ['*'] })], [], { ...CALL, ...more })).toBe(why);
    expect(found([], [])).toBe('no_channel');
  });
});
