import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  type ChannelState,
  type Cooling,
  MAX_FAILING,
} from '../../src/relay/channels/state/channel-state.js';
import { eventually } from './eventually.js';

export interface ChannelStateSubject {
  readonly state: ChannelState;
  /** As another process sees it. */
  readonly other: ChannelState;
  close(): Promise<void>;
}

const cooling = (more: Partial<Cooling> = {}): Cooling => ({
  reason: 'unreachable',
  baseMs: 10_000,
  maxMs: 40_000,
  leastMs: 0,
  spare: 0,
  jitter: 0.5,
  ...more,
});

/** What every adapter of the channels' state must do. */
export function describeChannelState(name: string, open: () => Promise<ChannelStateSubject>): void {
  describe(`the state of channels: ${name}`, () => {
    let subject: ChannelStateSubject;
    let state: ChannelState;
    beforeEach(async () => {
      subject = await open();
      state = subject.state;
      await eventually(() =>
        subject.state
          .exchange([])
          .then(() => subject.other.exchange([]))
          .then(() => true),
      );
    });
    afterEach(() => subject.close());
    const failing = async () => (await subject.other.exchange([])).failing;

    it('knows of nothing at first', async () => {
      expect(await state.exchange([])).toEqual({ failing: [], times: [] });
      expect(await state.figures()).toEqual({ running: [], checks: [], balances: [], slices: [] });
    });

    it('cools a target down, for all, and forgets it when it has recovered', async () => {
      const found = await state.failed('main/key-1', cooling());
      expect(found).toMatchObject({ target: 'main/key-1', failures: 1, reason: 'unreachable' });
      expect(found.backInMs).toBeGreaterThan(9_000);
      expect(found.backInMs).toBeLessThanOrEqual(10_000);
      expect(await failing()).toMatchObject([{ target: 'main/key-1', failures: 1, reason: 'unreachable' }]);
      await state.recovered('main/key-1');
      expect(await failing()).toEqual([]);
    });

    it('counts the failures of one breakdown once, however many calls it hit', async () => {
      for (let n = 0; n < 20; n++) await state.failed('main', cooling());
      expect(await failing()).toMatchObject([{ failures: 1 }]);
    });

    it('doubles a cooldown with each failure after it, up to the most', async () => {
      const lengths: number[] = [];
      for (let n = 0; n < 5; n++) {
        await eventually(async () => (await failing()).every(({ backInMs }) => backInMs === 0));
        lengths.push((await state.failed('main', cooling({ baseMs: 20, maxMs: 80 }))).backInMs ?? 0);
      }
      const expected = [20, 40, 80, 80, 80];
      for (const [n, length] of lengths.entries()) {
        expect(length).toBeLessThanOrEqual(expected[n] ?? 0);
        expect(length).toBeGreaterThan((expected[n] ?? 0) / 2);
      }
    });

    it('spreads cooldowns over a quarter to either side, and keeps to what upstream asked for', async () => {
      const [short, long] = [
        await state.failed('a', cooling({ jitter: 0 })),
        await state.failed('b', cooling({ jitter: 0.999 })),
      ].map(({ backInMs = 0 }) => backInMs);
      expect(short).toBeLessThanOrEqual(7_500);
      expect(long).toBeGreaterThan(12_000);
      const asked = await state.failed('c', cooling({ leastMs: 30_000 }));
      expect(asked.backInMs).toBeGreaterThan(29_000);
      const later = await state.failed('a', cooling({ leastMs: 60_000 }));
      expect(later).toMatchObject({ failures: 1 });
      expect(later.backInMs).toBeGreaterThan(59_000);
    });

    it('lets single failures pass where it is told so', async () => {
      const soft = cooling({ spare: 1, reason: 'status-500' });
      expect(await state.failed('main', soft)).toMatchObject({ failures: 1, backInMs: undefined });
      expect(await failing()).toMatchObject([{ failures: 1, backInMs: undefined }]);
      const second = await state.failed('main', soft);
      expect(second.failures).toBe(2);
      expect(second.backInMs).toBeGreaterThan(9_000);
    });

    it('remembers no more than so many targets', async () => {
      for (let n = 0; n < MAX_FAILING + 5; n++) await state.failed(`main#made-up-${n}`, cooling());
      expect(await failing()).toHaveLength(MAX_FAILING);
      await state.failed('main#made-up-0', cooling({ leastMs: 90_000 }));
      const [first] = (await failing()).filter(({ target }) => target === 'main#made-up-0');
      expect(first?.backInMs).toBeGreaterThan(80_000);
    });

    it('gives a lease to one alone, until it ends', async () => {
      const asked = await Promise.all([
        state.lease('check:main', 10_000),
        subject.other.lease('check:main', 10_000),
      ]);
      expect(asked.filter(Boolean)).toHaveLength(1);
      expect(await state.lease('check:other', 10_000)).toBe(true);
      await state.lease('short', 20);
      await eventually(() => subject.other.lease('short', 10_000));
      expect(await state.lease('short', 10_000)).toBe(false);
    });

    it('ends the lease of a probe with its result', async () => {
      expect(await state.lease('probe:main', 60_000)).toBe(true);
      await state.failed('main', cooling());
      expect(await subject.other.lease('probe:main', 60_000)).toBe(true);
      await state.recovered('main');
      expect(await state.lease('probe:main', 60_000)).toBe(true);
    });

    it('lets no more calls in at once than a channel takes, over all processes', async () => {
      const call = (n: number) => ({
        channelId: 'main',
        callId: `call-${n}`,
        maxConcurrency: 3,
        maxCallsPerMinute: null,
      });
      const entries = await Promise.all(
        Array.from({ length: 10 }, (_, n) => (n % 2 === 0 ? state : subject.other).enter(call(n))),
      );
      expect(entries.filter((entry) => entry === 'entered')).toHaveLength(3);
      expect(entries.filter((entry) => entry === 'full')).toHaveLength(7);
      const inside = entries.indexOf('entered');
      await state.renew([{ channelId: 'main', callId: `call-${inside}` }]);
      expect(await subject.other.enter(call(11))).toBe('full');
      await state.leave('main', `call-${inside}`);
      expect(await subject.other.enter(call(11))).toBe('entered');
      expect(await state.enter({ ...call(12), channelId: 'other' })).toBe('entered');
    });

    it('lets no more calls in a minute than a channel takes', async () => {
      const call = (n: number) => ({
        channelId: 'main',
        callId: `call-${n}`,
        maxConcurrency: null,
        maxCallsPerMinute: 5,
      });
      const entries: string[] = [];
      for (let n = 0; n < 8; n++) entries.push(await (n % 2 === 0 ? state : subject.other).enter(call(n)));
      expect(entries.filter((entry) => entry === 'entered').length).toBeGreaterThanOrEqual(5);
      // Where a minute ended in between, the one before it counts in part, and a call more may pass.
      expect(entries.filter((entry) => entry === 'entered').length).toBeLessThanOrEqual(6);
      expect(entries.at(-1)).toBe('too-fast');
    });

    it('adds up the calls that run in all processes, and forgets those that have ended', async () => {
      const running = async () =>
        Object.fromEntries(
          (await subject.other.figures()).running.map(({ channelId, calls }) => [channelId, calls]),
        );
      const tell = (process: string, calls: Record<string, number>) =>
        state.exchange([{ channelId: 'main', answered: true, durationMs: 1 }], {
          process,
          calls: new Map(Object.entries(calls)),
        });
      await tell('one', { main: 2, other: 1 });
      const { times } = await tell('two', { main: 3 });
      expect(times).toMatchObject([{ channelId: 'main', answered: 2 }]);
      expect(await running()).toEqual({ main: 5, other: 1 });
      await tell('one', { main: 1 });
      await tell('two', {});
      await state.exchange([]);
      expect(await running()).toEqual({ main: 1 });
    });

    it('keeps the last check of each channel', async () => {
      const check = {
        channelId: 'main',
        keyId: 'key-1',
        model: 'a model | of "many" signs',
        outcome: 'failed',
        status: null,
        reason: 'unreachable',
        durationMs: 12.5,
        by: 'schedule',
      } as const;
      await state.checked({ ...check, outcome: 'answered', status: 200, reason: null });
      await state.checked({ ...check, channelId: 'other' });
      await subject.other.checked(check);
      const { checks } = await subject.other.figures();
      expect(checks).toHaveLength(2);
      for (const channelId of ['main', 'other'])
        expect(checks.find((each) => each.channelId === channelId)).toEqual({
          ...check,
          channelId,
          sinceMs: expect.any(Number),
        });
      expect(checks[0]?.sinceMs).toBeLessThan(10_000);
    });

    it('keeps what a provider said last is left', async () => {
      const told = { channelId: 'main', keyId: 'key-1', amount: 12.5, currency: 'USD' };
      await state.toldBalance({ ...told, amount: 99 });
      await state.toldBalance({ ...told, channelId: 'other' });
      await subject.other.toldBalance(told);
      const { balances } = await subject.other.figures();
      expect(balances).toHaveLength(2);
      for (const channelId of ['main', 'other'])
        expect(balances.find((each) => each.channelId === channelId)).toEqual({
          ...told,
          channelId,
          sinceMs: expect.any(Number),
        });
    });

    it('keeps response times', async () => {
      await state.exchange([
        { channelId: 'main', answered: true, durationMs: 100 },
        { channelId: 'main', answered: false, durationMs: 5_000 },
      ]);
      const { times } = await subject.other.exchange([
        { channelId: 'main', answered: true, durationMs: 200 },
      ]);
      expect(times).toMatchObject([
        { channelId: 'main', answered: 2, failed: 1, averageMs: 120, lastMs: 200 },
      ]);
      expect(times[0]?.sinceLastMs).toBeLessThan(10_000);
    });

    it('counts how calls ended in the slice of time that runs, by channel, of all processes', async () => {
      await state.exchange([
        { channelId: 'main', answered: true, durationMs: 100 },
        { channelId: 'main', answered: false, durationMs: 5_000 },
        { channelId: '1', answered: false, durationMs: 5_000 },
      ]);
      await subject.other.exchange([{ channelId: 'main', answered: true, durationMs: 200 }]);
      const { slices } = await state.figures();
      // A slice may have ended meanwhile.
      const sum = (channelId: string, how: 'answered' | 'failed') =>
        slices
          .filter((each) => each.channelId === channelId && each.slicesAgo <= 1)
          .reduce((total, each) => total + each[how], 0);
      expect([sum('main', 'answered'), sum('main', 'failed')]).toEqual([2, 1]);
      expect([sum('1', 'answered'), sum('1', 'failed')]).toEqual([0, 1]);
    });
  });
}
