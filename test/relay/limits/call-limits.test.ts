import { afterEach, expect, it } from '@jest/globals';
import type { AccessKey } from '../../../src/relay/access/access-keys.js';
import { CallLimits } from '../../../src/relay/limits/call-limits.js';
import type { CountedCall, LimitCounters, Reading } from '../../../src/relay/limits/limit-counters.js';

let limits: CallLimits;
afterEach(() => limits.close());

it('tokens are corrected in the minute that they were counted in, which may be the next', async () => {
  const settled: unknown[] = [];
  const counts = { requests: 0, requestsBefore: 0, tokens: 0, tokensBefore: 0, calls: 0 };
  let minute = 7;
  const counters = {
    admit: async (): Promise<Reading> => ({
      admitted: true,
      counts: [counts],
      elapsedMs: 0,
      minute: minute++,
    }),
    settle: async (_call: CountedCall, at: number, tokens: number) => void settled.push([at, tokens]),
    renew: async () => undefined,
    close: async () => undefined,
  } as unknown as LimitCounters;
  limits = new CallLimits(counters, (error) => {
    throw error;
  });
  const key = { view: { tokenId: 1, userId: 1 }, group: 'default' } as unknown as AccessKey;
  const inForce = { key: { tokens_per_minute: 1_000 } };
  const admission = await limits.admit(inForce, key, 'call', 0, () => undefined);
  if (!admission) throw new Error('nothing limits it');
  await limits.admitTokens(admission, 100, () => undefined);
  limits.leave(admission, 130);
  expect(settled).toEqual([[8, 30]]);
});
