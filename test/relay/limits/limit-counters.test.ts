import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { randomUUID } from 'node:crypto';
import { InProcessLimitCounters } from '../../../src/relay/limits/in-process-limit-counters.js';
import {
  type Bucket,
  type Counts,
  type LimitCounters,
  MINUTE_MS,
  OPEN_CALL_LEASE_MS,
} from '../../../src/relay/limits/limit-counters.js';
import { RedisLimitCounters } from '../../../src/relay/limits/redis-limit-counters.js';
import { fits } from '../../../src/relay/limits/window.js';
import { startRedis, type TestRedis } from '../../support/redis.js';

let redis: TestRedis;
beforeAll(async () => void (redis = await startRedis()));
afterAll(() => redis.stop());

const adapters: readonly (readonly [string, () => LimitCounters])[] = [
  ['in the process', () => new InProcessLimitCounters(() => performance.now())],
  [
    'in Redis',
    () =>
      new RedisLimitCounters({
        url: redis.url,
        keyPrefix: `test-${randomUUID()}`,
        commandTimeoutMs: 5_000,
        onProblem: () => undefined,
      }),
  ],
];

const rate = fc.option(fc.integer({ min: 0, max: 40 }), { nil: undefined });
const limit = fc.record({ requests_per_minute: rate, tokens_per_minute: rate, concurrent_calls: rate });

describe.each(adapters)('limit counters %s', (_name, open) => {
  let counters: LimitCounters;
  beforeAll(async () => {
    counters = open();
    await expect(connected(counters)).resolves.toBeUndefined();
  });
  afterAll(() => counters.close());

  it('admits a call exactly where every bucket has room, and counts it in all buckets or in none', async () => {
    const step = fc.record({ tokens: fc.integer({ min: 0, max: 15 }), ends: fc.boolean(), used: fc.nat(20) });
    await fc.assert(
      fc.asyncProperty(
        fc.array(limit, { minLength: 1, maxLength: 3 }),
        fc.array(step, { maxLength: 25 }),
        async (limits, steps) => {
          const run = randomUUID();
          const buckets: Bucket[] = limits.map((one, at) => ({ name: `${at}:${run}`, limit: defined(one) }));
          let expected: Counts[] | undefined;
          for (const { tokens, ends, used } of steps) {
            const call = { callId: randomUUID(), buckets, tokens };
            const { admitted, counts, elapsedMs, minute } = await counters.admit(call);
            // A minute may have turned meanwhile.
            if (expected && counts.every(({ requestsBefore }) => requestsBefore === 0))
              expect(counts).toEqual(expected);
            expect(admitted).toBe(
              buckets.every((bucket, at) => fits(bucket.limit, counts[at] as Counts, elapsedMs, { tokens })),
            );
            const ended = admitted && ends;
            if (ended) await counters.settle(call, minute, used - tokens);
            expected = counts.map((count) =>
              admitted
                ? {
                    ...count,
                    requests: count.requests + 1,
                    tokens: count.tokens + (ended ? used : tokens),
                    calls: count.calls + (ended ? 0 : 1),
                  }
                : count,
            );
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  it('tokens of a call that is counted already are added where they fit, and neither request nor place is', async () => {
    const limit = { requests_per_minute: 1, concurrent_calls: 1, tokens_per_minute: 10 };
    const buckets = [{ name: `key:${randomUUID()}`, limit }];
    const call = { callId: randomUUID(), buckets, tokens: 0 };
    expect((await counters.admit(call)).admitted).toBe(true);
    expect((await counters.admit({ ...call, tokens: 11, isCounted: true })).admitted).toBe(false);
    expect((await counters.admit({ ...call, tokens: 10, isCounted: true })).admitted).toBe(true);
    const { admitted, counts } = await counters.admit({ ...call, tokens: 1, isCounted: true });
    expect([admitted, counts[0]]).toMatchObject([false, { requests: 1, tokens: 10, calls: 1 }]);
  });

  it('of fifty at once no more get in than there is room for', async () => {
    const buckets = [{ name: `key:${randomUUID()}`, limit: { requests_per_minute: 7 } }];
    const readings = await Promise.all(
      Array.from({ length: 50 }, () => counters.admit({ callId: randomUUID(), buckets, tokens: 1 })),
    );
    expect(readings.filter(({ admitted }) => admitted)).toHaveLength(7);
  });

  it('a renewed call stays open, and one that nobody counted in a forgotten minute changes nothing', async () => {
    const buckets = [{ name: `key:${randomUUID()}`, limit: { concurrent_calls: 1 } }];
    const call = { callId: randomUUID(), buckets, tokens: 0 };
    expect((await counters.admit(call)).admitted).toBe(true);
    await counters.renew([call]);
    expect((await counters.admit({ ...call, callId: randomUUID() })).admitted).toBe(false);
    await counters.settle(call, -1, 1_000);
    const { admitted, counts } = await counters.admit({ ...call, callId: randomUUID() });
    expect([admitted, counts[0]?.tokens]).toEqual([true, 0]);
  });
});

describe('as time goes by', () => {
  it('the window slides, and the call of a dead process is let go', async () => {
    let now = 10 * MINUTE_MS;
    const counters = new InProcessLimitCounters(() => now);
    const buckets = [{ name: 'user:1', limit: { requests_per_minute: 4, concurrent_calls: 5 } }];
    const ask = async () => (await counters.admit({ callId: randomUUID(), buckets, tokens: 0 })).admitted;
    expect([await ask(), await ask(), await ask(), await ask(), await ask()]).toEqual([
      true,
      true,
      true,
      true,
      false,
    ]);
    now += MINUTE_MS + MINUTE_MS / 2;
    // Half of the four still counts, and their leases have run out.
    expect([await ask(), await ask(), await ask()]).toEqual([true, true, false]);
    expect(OPEN_CALL_LEASE_MS).toBeLessThan(MINUTE_MS);
    now += 2 * MINUTE_MS;
    expect(await ask()).toBe(true);
  });
});

async function connected(counters: LimitCounters): Promise<void> {
  const deadline = Date.now() + 10_000;
  for (;;) {
    try {
      await counters.renew([{ callId: 'nobody', buckets: [{ name: 'none', limit: {} }], tokens: 0 }]);
      return;
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
}

function defined(one: Readonly<Record<string, number | undefined>>): Bucket['limit'] {
  return Object.fromEntries(Object.entries(one).filter(([, value]) => value !== undefined));
}
