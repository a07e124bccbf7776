import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { CacheUnavailable } from '../../../src/balance/cached-balance.js';
import { HOLD_LEASE_MS } from '../../../src/balance/hold-leasing.js';
import { raiseUntilEffective } from '../../../src/balance/raise-guards.js';
import { HoldLeases } from '../../../src/relay/holds/hold-leases.js';
import { requestOf, snapshotOf } from '../../support/cached-balance-contract/subject.js';
import { eventually } from '../../support/eventually.js';
import { type HoldingProcess, RedisUnderStress } from '../../support/redis-under-stress.js';

describe('a cache that forgets', () => {
  let stress: RedisUnderStress;
  beforeAll(async () => void (stress = await RedisUnderStress.start()));
  afterAll(() => stress.stop());
  beforeEach(() => stress.reset());
  afterEach(() => stress.closeProcesses());

  const losses = {
    'was flushed': async () => void (await stress.admin.flushall()),
    'restarted empty': () => stress.server.restart(),
  };
  it.each(Object.entries(losses))(
    'that %s grants nothing until the owners have registered again',
    async (_, lose) => {
      const [one, two] = [await stress.process(), await stress.process()];
      expect(await one.call(30n)).toMatchObject({ outcome: 'held' });
      expect(await two.call(25n)).toMatchObject({ outcome: 'held' });
      await lose();
      const answers = await eventually(() => Promise.all([one.call(1n), two.call(1n)]));
      expect(answers.map(({ outcome }) => outcome)).toEqual(['recovering', 'recovering']);
      await eventually(() => one.losses() === 1 && two.losses() === 1);
      expect(await one.callAfterRecovery(46n)).toBe('insufficient');
      expect(await two.call(45n)).toMatchObject({ outcome: 'held' });
      expect(await one.cache.view(stress.account)).toMatchObject({ balance: 100n, held: 100n });
    },
  );

  it('that came back from an old snapshot is not believed', async () => {
    const one = await stress.process();
    const early = await one.call(60n);
    // Looked at before the restart: after it the process joins, and clears, as soon as it can.
    expect(await stress.admin.exists(`{${stress.keyPrefix}}:b:${stress.account}`)).toBe(1);
    await stress.admin.save();
    await one.cache.release([early.holdId]);
    one.holds.forget(early.holdId);
    const late = await one.call(20n);
    stress.tables = { balance: 70n, position: 12n };
    await one.cache.apply({
      position: 12n,
      balances: [{ budget: stress.account, ...stress.tables }],
      resolvedHolds: [],
    });
    await stress.server.restart();

    expect(await one.callAfterRecovery(51n)).toBe('insufficient');
    const view = await one.cache.view(stress.account);
    expect(view).toMatchObject({
      ...stress.tables,
      held: 20n,
      holds: [{ holdId: late.holdId, granted: 20n }],
    });
    expect(await one.cache.appliedPosition()).toBeUndefined();
    expect(one.losses()).toBe(1);
  });

  it('that forgets a lease hears of its calls again, and keeps whoever raises a guard waiting for what it forgot', async () => {
    const [one, two] = [await stress.process(), await stress.process()];
    const onProblem = () => undefined;
    const { cache, holds } = one;
    const parts = { cache, holds, busyCalls: 2, contextOf: () => '{}', newId: randomUUID, onProblem };
    const leases = new HoldLeases(parts);
    const guards = [{ key: stress.account, revision: 0n }];
    const call = async () => {
      const request = requestOf([stress.account], 1n, { guards });
      expect(await leases.hold(request)).toMatchObject({ outcome: 'held' });
      leases.add({ ...request, granted: 1n }, () => 0);
      return request.holdId;
    };
    await one.call(1n);
    await call();
    await call();
    await eventually(async () => (await one.cache.view(stress.account))?.held === 11n);
    const open = [await call(), await call()];
    expect((await one.cache.view(stress.account))?.held).toBe(11n);
    await stress.admin.flushall();
    // As soon as anybody has found it lost.
    const raised = [{ key: stress.account, revision: 1n }];
    const began = performance.now();
    await raiseUntilEffective({ cache: two.cache, withdraw: () => undefined }, raised);
    expect(performance.now() - began).toBeGreaterThanOrEqual(HOLD_LEASE_MS);
    stress.tables = { balance: 100n, position: 10n };
    expect(await two.callAfterRecovery(96n)).toBe('insufficient');
    const view = await two.cache.view(stress.account);
    expect(view?.held).toBe(5n);
    expect(view?.holds.map(({ holdId }) => holdId)).toEqual(expect.arrayContaining(open));
    await leases.stop();
  });

  it('that dies ends what was under way with the connection, not with its timeout', async () => {
    const one = await stress.process();
    stress.server.pause();
    const underWay = Promise.allSettled([one.call(1n), one.cache.renew([]), one.cache.appliedPosition()]);
    await stress.server.restart();
    const joinedAgain = eventually(() => one.cache.checkHealth());
    const first = await Promise.race([underWay, joinedAgain.then(() => 'joined again')]);
    expect(first).toMatchObject(
      Array.from({ length: 3 }, () => ({ reason: expect.any(CacheUnavailable) as unknown })),
    );
  });

  it('does not take a balance that was read before the loss', async () => {
    const one = await stress.process();
    expect(await one.cache.hold(requestOf([stress.account], 1n))).toMatchObject({ outcome: 'missing' });
    await stress.admin.flushall();
    await one.cache.load([snapshotOf(stress.account, 1_000n)]);
    await one.cache.load([snapshotOf(stress.account, 1_000n)]);
    expect(await one.cache.view(stress.account)).toBeUndefined();
    expect(await one.callAfterRecovery(101n)).toBe('insufficient');
  });

  it('makes only those wait who cannot be the first', async () => {
    const one = await stress.process(false);
    expect(await one.call(1n)).toMatchObject({ outcome: 'recovering' });
    expect(await one.cache.checkGuards([{ key: stress.account, revision: 0n }])).toMatchObject({
      outcome: 'recovering',
    });
    expect(await one.callAfterRecovery(1n)).toBe('held');
    const two = await stress.process(false);
    expect(await two.call(1n)).toMatchObject({ outcome: 'held' });
  });

  it('never lets calls of two processes spend more than there is, however often it forgets', async () => {
    const spending = { open: 0n, most: 0n, passed: 0, stop: false };
    const processes = [await stress.process(), await stress.process()] as const;
    const callers = Array.from({ length: 40 }, (_, index) => spend(processes[index % 2 ? 1 : 0], spending));
    try {
      for (const lose of [...Object.values(losses), () => stress.admin.flushall(), () => undefined]) {
        const before = spending.passed;
        await eventually(() => spending.passed > before + 40, { timeoutMs: 10_000 });
        await lose();
      }
    } finally {
      spending.stop = true;
      await Promise.all(callers);
    }
    expect(spending.most).toBe(98n);
  });
});

/** One caller after another: holds 7 for a while, then gives it back. */
async function spend(
  process: HoldingProcess,
  spending: { open: bigint; most: bigint; passed: number; stop: boolean },
): Promise<void> {
  while (!spending.stop) {
    const { outcome, holdId } = await process.call(7n).catch(() => ({ outcome: 'away', holdId: '' }));
    if (outcome === 'held') {
      spending.passed += 1;
      spending.open += 7n;
      if (spending.open > spending.most) spending.most = spending.open;
      await delay(20 + (spending.passed % 7) * 50);
      spending.open -= 7n;
      process.holds.forget(holdId);
      await process.cache.release([holdId]).catch(() => undefined);
    } else {
      await delay(5);
    }
  }
}
