import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { CacheUnavailable } from '../../../src/balance/cached-balance.js';
import { eventually } from '../../support/eventually.js';
import { RedisUnderStress } from '../../support/redis-under-stress.js';

/** So long a command waits for an answer here. */
const COMMAND_TIMEOUT_MS = 400;
/** What a loaded machine may add. */
const SLACK_MS = 15_000;

describe('a cache that is away', () => {
  let stress: RedisUnderStress;
  beforeAll(async () => void (stress = await RedisUnderStress.start(COMMAND_TIMEOUT_MS)));
  afterAll(() => stress.stop());
  beforeEach(() => stress.reset());
  afterEach(() => stress.closeProcesses());

  it('keeps what is still in it when only the connection broke', async () => {
    const one = await stress.process();
    await one.call(30n);
    await stress.admin.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
    await eventually(() => one.cache.checkHealth());
    expect(one.losses()).toBe(0);
    expect(await one.call(71n)).toMatchObject({ outcome: 'insufficient' });
  });

  it('answers in time while it stands still, and holds nothing for who has given up', async () => {
    const one = await stress.process();
    await one.call(10n);
    stress.server.pause();
    const startedMs = Date.now();
    const calls = Array.from({ length: 20 }, () => one.call(1n));
    const results = await Promise.allSettled(calls);
    const tookMs = Date.now() - startedMs;
    stress.server.resume();
    for (const result of results) {
      expect(result).toMatchObject({ status: 'rejected', reason: expect.any(CacheUnavailable) as unknown });
    }
    expect(tookMs).toBeLessThan(COMMAND_TIMEOUT_MS + SLACK_MS);
    await eventually(() => one.cache.checkHealth());
    expect(await one.cache.view(stress.account)).toMatchObject({ held: 10n });
    expect(one.losses()).toBe(0);
    expect(await one.call(1n)).toMatchObject({ outcome: 'held' });
  });

  it('rejects at once while it is away, and is found again', async () => {
    const one = await stress.process();
    await stress.server.kill();
    await eventually(() =>
      one.cache.checkHealth().then(
        () => false,
        () => true,
      ),
    );
    const startedMs = Date.now();
    await expect(one.call(1n)).rejects.toThrow(CacheUnavailable);
    expect(Date.now() - startedMs).toBeLessThan(COMMAND_TIMEOUT_MS + SLACK_MS);
    await stress.server.restart();
    await eventually(() => one.cache.checkHealth());
    expect(await one.callAfterRecovery(1n)).toBe('held');
  });

  it('is refused when it may evict open holds', async () => {
    await stress.admin.config('SET', 'maxmemory-policy', 'allkeys-lru');
    try {
      const one = await stress.process();
      await expect(one.cache.checkHealth()).rejects.toMatchObject({
        cause: { message: expect.stringContaining('allkeys-lru') as unknown },
      });
    } finally {
      await stress.admin.config('SET', 'maxmemory-policy', 'noeviction');
    }
  });
});
