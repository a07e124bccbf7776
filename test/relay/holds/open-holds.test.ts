import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { BudgetKey, CachedBalance, OpenHold } from '../../../src/balance/cached-balance.js';
import { InProcessCachedBalance } from '../../../src/balance/in-process/in-process-cached-balance.js';
import { OpenHolds } from '../../../src/relay/holds/open-holds.js';
import { newAccount, requestOf, snapshotOf } from '../../support/cached-balance-contract/subject.js';
import { eventually } from '../../support/eventually.js';

/** The twin with a memory that a test can take away. */
class LosableCache {
  current = new InProcessCachedBalance({ leaseMs: 200 });
  failing = false;
  private readonly listeners = new Set<() => void>();

  lose(): void {
    this.current = new InProcessCachedBalance({ leaseMs: 200 });
    for (const listener of this.listeners) listener();
  }

  onLost(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  renew: CachedBalance['renew'] = (heartbeats) => this.reach().then((cache) => cache.renew(heartbeats));
  register: CachedBalance['register'] = (holds) => this.reach().then((cache) => cache.register(holds));
  settle: CachedBalance['settle'] = (settlements) => this.reach().then((cache) => cache.settle(settlements));

  private reach(): Promise<InProcessCachedBalance> {
    return this.failing ? Promise.reject(new Error('away')) : Promise.resolve(this.current);
  }
}

describe('open holds of a process', () => {
  let cache: LosableCache;
  let holds: OpenHolds;
  let account: BudgetKey;
  let overruns: string[];
  let problems: unknown[];

  beforeEach(async () => {
    cache = new LosableCache();
    account = newAccount();
    [overruns, problems] = [[], []];
    await cache.current.load([snapshotOf(account, 1_000n)]);
    holds = new OpenHolds({
      cache,
      heartbeatMs: 10,
      maxHolds: 4,
      onOverrun: (holdId) => overruns.push(holdId),
      onProblem: (error) => problems.push(error),
    });
  });
  afterEach(() => holds.close());

  async function place(deliveredTokens: () => number = () => 0): Promise<string> {
    const request = requestOf([account], 10n);
    await cache.current.hold(request);
    holds.add({ ...request, granted: 10n }, deliveredTokens);
    return request.holdId;
  }

  async function cached(): Promise<readonly OpenHold[]> {
    await cache.current.load([snapshotOf(account, 1_000n)]);
    return (await cache.current.view(account))?.holds ?? [];
  }

  it('renews leases and reports what was delivered', async () => {
    let delivered = 0;
    const holdId = await place(() => (delivered += 1));
    const first = (await cached())[0]?.leaseExpiresAtMs ?? 0;
    await eventually(async () => ((await cached())[0]?.leaseExpiresAtMs ?? 0) > first + 200);
    expect(await cached()).toMatchObject([{ holdId }]);
    expect((await cached())[0]?.deliveredTokens).toBeGreaterThan(1);
  });

  it('registers everything again after a loss, charged holds with their charge', async () => {
    const [open, charged, spooled, over] = [await place(), await place(), await place(), await place()];
    holds.settled(charged, 7n, 12n);
    holds.settled(spooled, 5n, undefined);
    holds.forget(over);
    cache.lose();
    await eventually(async () => (await cached()).length === 3);
    const byId = new Map((await cached()).map((hold) => [hold.holdId, hold]));
    expect(byId.get(open)).toMatchObject({ granted: 10n });
    expect(byId.get(charged)).toMatchObject({ settled: { charge: 7n, position: 12n } });
    // At its full amount, and not kept alive from here: the spool renews it, or a sweeper finds the charge.
    expect(byId.get(spooled)).toMatchObject({ granted: 10n });
    await eventually(() => holds.count === 2);
    expect(overruns).toEqual([]);
  });

  it('registers again as soon as the lost cache can be reached', async () => {
    await place();
    cache.failing = true;
    cache.lose();
    await eventually(() => problems.length > 1);
    expect(await cached()).toEqual([]);
    cache.failing = false;
    await eventually(async () => (await cached()).length === 1);
    expect(overruns).toEqual([]);
  });

  it('forgets a charged hold when the projection has resolved it', async () => {
    const holdId = await place();
    holds.settled(holdId, 7n, 12n);
    await cache.current.apply({ position: 12n, balances: [], resolvedHolds: [holdId] });
    await eventually(() => holds.count === 0);
    expect(overruns).toEqual([]);
  });

  it('settles a charged hold again when the first time was lost', async () => {
    const holdId = await place();
    holds.settled(holdId, 7n, 12n);
    await eventually(async () => (await cached())[0]?.settled?.charge === 7n);
    expect(holds.count).toBe(1);
  });

  it('tells when an open hold was resolved by somebody else', async () => {
    const holdId = await place();
    await cache.current.apply({ position: 12n, balances: [], resolvedHolds: [holdId] });
    await eventually(() => overruns.length === 1);
    expect(overruns).toEqual([holdId]);
    expect(holds.count).toBe(0);
  });

  it('is bounded', async () => {
    for (let count = 0; count < 4; count += 1) await place();
    const fifth = { holdId: randomUUID(), budgets: [account], granted: 1n, context: '{}' };
    expect(() => holds.add(fifth, () => 0)).toThrow(RangeError);
  });
});
