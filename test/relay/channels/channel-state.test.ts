import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import {
  CALL_LEASE_MS,
  FORGET_MS,
  SLICE_MS,
  SLICES,
} from '../../../src/relay/channels/state/channel-state.js';
import { InProcessChannelState } from '../../../src/relay/channels/state/in-process-channel-state.js';
import { RedisChannelState } from '../../../src/relay/channels/state/redis-channel-state.js';
import { describeChannelState } from '../../support/channel-state-contract.js';
import { startRedis, type TestRedis } from '../../support/redis.js';

describeChannelState('in the process', async () => {
  const state = new InProcessChannelState(() => performance.now());
  return { state, other: state, close: () => state.close() };
});

let redis: TestRedis;
beforeAll(async () => void (redis = await startRedis()));
afterAll(() => redis.stop());
const inRedis = (keyPrefix: string) =>
  new RedisChannelState({ url: redis.url, keyPrefix, commandTimeoutMs: 2_000, onProblem: () => undefined });

describeChannelState('in Redis', async () => {
  const keyPrefix = `test-${randomUUID()}`;
  const [state, other] = [inRedis(keyPrefix), inRedis(keyPrefix)];
  return { state, other, close: async () => void (await Promise.all([state.close(), other.close()])) };
});

describe('as time goes by', () => {
  const entering = { channelId: 'main', maxConcurrency: 1, maxCallsPerMinute: null };
  const cooling = { reason: 'x', baseMs: 1_000, maxMs: 1_000, leastMs: 0, spare: 0, jitter: 0.5 };

  it('a call of a dead process counts no more, and an old failure is forgotten', async () => {
    let now = 0;
    const state = new InProcessChannelState(() => now);
    await state.enter({ ...entering, callId: 'dead' });
    await state.failed('main', cooling);
    now += CALL_LEASE_MS - 1;
    expect(await state.enter({ ...entering, callId: 'next' })).toBe('full');
    now += 1;
    expect(await state.enter({ ...entering, callId: 'next' })).toBe('entered');
    now += FORGET_MS;
    expect((await state.exchange([])).failing).toEqual([]);
    expect(await state.failed('main', cooling)).toMatchObject({ failures: 1 });
  });

  it('calls that a process tells of no more count no more', async () => {
    let now = 0;
    const state = new InProcessChannelState(() => now);
    await state.exchange([], { process: 'dead', calls: new Map([['main', 2]]) });
    now += CALL_LEASE_MS;
    expect((await state.figures()).running).toEqual([{ channelId: 'main', calls: 2 }]);
    now += 1;
    expect((await state.figures()).running).toEqual([]);
  });

  it('slices of time move on, and are gone after two hours', async () => {
    let now = SLICE_MS - 1;
    const state = new InProcessChannelState(() => now);
    const call = (answered: boolean) => state.exchange([{ channelId: 'main', answered, durationMs: 1 }]);
    await call(false);
    now += 1;
    await call(true);
    const before = { channelId: 'main', slicesAgo: 1, answered: 0, failed: 1 };
    const running = { channelId: 'main', slicesAgo: 0, answered: 1, failed: 0 };
    expect((await state.figures()).slices).toEqual([before, running]);
    now += (SLICES - 1) * SLICE_MS;
    expect((await state.figures()).slices).toEqual([{ ...running, slicesAgo: SLICES - 1 }]);
    now += SLICE_MS;
    expect((await state.figures()).slices).toEqual([]);
  });

  it('a minute makes room again, bit by bit', async () => {
    let now = 0;
    const state = new InProcessChannelState(() => now);
    const enter = () => state.enter({ ...entering, callId: 'x', maxConcurrency: null, maxCallsPerMinute: 4 });
    for (let n = 0; n < 4; n++) expect(await enter()).toBe('entered');
    expect(await enter()).toBe('too-fast');
    now = 60_000 + 30_000;
    expect([await enter(), await enter(), await enter()]).toEqual(['entered', 'entered', 'too-fast']);
    now = 180_000;
    expect(await enter()).toBe('entered');
  });
});
