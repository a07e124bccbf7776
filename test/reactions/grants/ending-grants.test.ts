import { randomBytes, randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { InProcessCachedBalance } from '../../../src/balance/in-process/in-process-cached-balance.js';
import { verifyBooks } from '../../../src/books/verify/verify-books.js';
import { createReservations } from '../../../src/compose/reservations.js';
import { createCommands } from '../../../src/commands/create-commands.js';
import type { Commands } from '../../../src/commands/commands.js';
import { accountIdOf } from '../../../src/commands/handling/identifiers.js';
import type { CommandDependencies } from '../../../src/commands/handling/ports.js';
import { createBudgetLoader, holdOrLoad, type BudgetLoader } from '../../../src/projections/balance/load.js';
import { readBudgets } from '../../../src/projections/balance/query.js';
import { findGrant, leftOfGrant } from '../../../src/projections/grant/query.js';
import { EndingGrants } from '../../../src/reactions/grants/ending-grants.js';
import { OpenHolds } from '../../../src/relay/holds/open-holds.js';
import { createCommandWorld } from '../../support/command-world.js';
import { eventually } from '../../support/eventually.js';
import { anEvent, append } from '../../support/events.js';
import { createLedger, type Ledger } from '../../projections/projector-setup.js';

const meta = { actor: 'operator:ann', requestId: 'r' };
const END = new Date('2026-12-01T00:00:00Z');
const CALLS = 200;
const accountId = accountIdOf('user-1');
const owner = { account_id: accountId };

describe('a grant that ends', () => {
  let ledger: Ledger;
  let cache: InProcessCachedBalance;
  let holds: OpenHolds;
  let loader: BudgetLoader;
  let commands: Commands;
  let ending: EndingGrants;
  let now: Date;
  let last: Promise<unknown> = Promise.resolve();
  const faults: unknown[] = [];

  beforeEach(async () => {
    now = new Date('2026-11-30T00:00:00Z');
    faults.length = 0;
    ledger = await createLedger(() => now);
    cache = new InProcessCachedBalance({});
    holds = new OpenHolds({ cache, onOverrun: () => undefined, onProblem: () => undefined });
    const { pool } = ledger.database;
    loader = createBudgetLoader({ cache, read: (budgets) => readBudgets(pool, budgets) });
    const dependencies: CommandDependencies = {
      ...createCommandWorld().dependencies,
      store: ledger.store,
      guards: { raiseGuards: () => Promise.resolve() },
      reservations: createReservations({
        ...{ cache, loader, holds },
        waiter: ledger.waiter,
        closeLeasesOf: () => undefined,
      }),
      leftOfGrant: (grantId) => leftOfGrant(pool, grantId),
      balanceOf: async (id) => (await readBudgets(pool, [`account:${id}`]))[0]?.balance ?? 0n,
      now: () => now,
      newId: randomUUID,
      randomBytes,
    };
    commands = createCommands(dependencies);
    ending = new EndingGrants({
      pool,
      commands,
      reservations: dependencies.reservations,
      now: () => now,
      onFault: (error) => faults.push(error),
    });
    await ledger.start({ cachedBalance: cache });
    await ledger.given(anEvent('account-registered', owner), anEvent('token-issued', owner));
  });
  afterEach(async () => {
    await ending.stop();
    await holds.close();
    await ledger.close();
  });

  const waited = async (position: bigint) => expect(await ledger.waiter.waitFor(position, 20_000)).toBe(true);
  const credit = (paymentId: string, quota: bigint) =>
    ledger.given(anEvent('payment-credited', { ...owner, payment_id: paymentId, quota }));
  async function give(quota: bigint): Promise<string> {
    const terms = { externalUserId: 'user-1', source: 'operator:one', quota, kind: 'promo' as const };
    const given = await commands.giveGrant({ ...terms, endsAt: END, reason: 'welcome' }, meta);
    if (!given.ok) throw new Error(given.refusal.code);
    await waited(given.position);
    return given.value.grantId;
  }
  const grantOf = async (grantId: string) => findGrant(ledger.database.pool, grantId);
  const balance = async () =>
    (await readBudgets(ledger.database.pool, [`account:${accountId}`]))[0]?.balance ?? 0n;
  /** As the relay does; undefined where the balance does not carry it. */
  async function begin(quota: bigint): Promise<string | undefined> {
    const holdId = randomUUID();
    const budgets = [`account:${accountId}`] as const;
    const request = { holdId, budgets, amount: quota, atLeast: quota, guards: [], context: '{}' };
    return (await holdOrLoad(cache, loader, request)).outcome === 'held' ? holdId : undefined;
  }
  async function finish(callId: string, quota: bigint): Promise<bigint> {
    const charge = anEvent('consumption-recorded', { ...owner, call_id: callId, quota });
    // One after another: they share a stream.
    const written = last.then(() => append(ledger.store, charge));
    last = written;
    const position = await written;
    await cache.settle([{ holdId: callId, charge: quota, position }]);
    return position;
  }
  /** Until it is over in the tables and, which is told after them, in the cached balance, however often that has to be tried. */
  async function over(grantId: string) {
    const ended = await eventually(
      async () => {
        await ending.tick();
        const grant = await grantOf(grantId);
        return grant?.endedAt ? grant : false;
      },
      { timeoutMs: 30_000, intervalMs: 20 },
    );
    await waited(await ledger.store.head());
    return ended;
  }

  it('takes with it what is left of it, and nothing before its time', async () => {
    await credit('pi_1', 1_000n);
    const grantId = await give(500n);
    await finish((await begin(200n)) ?? '', 200n);
    await ending.tick();
    expect(await grantOf(grantId)).toMatchObject({ status: 'open' });
    now = END;
    expect(await over(grantId)).toMatchObject({ status: 'expired', expired: 300n, remaining: 0n });
    expect(await balance()).toBe(1_000n);
    expect(await cache.view(`account:${accountId}`)).toMatchObject({ balance: 1_000n, held: 0n });
    expect(faults).toEqual([]);
  });

  it('leaves what calls under way hold of it to them, and lets no other begin on it', async () => {
    const grantId = await give(500n);
    const call = await begin(300n);
    now = END;
    await ending.tick();
    expect(await grantOf(grantId)).toMatchObject({ status: 'open' });
    expect(await begin(1n)).toBeUndefined();
    await finish(call ?? '', 250n);
    expect(await over(grantId)).toMatchObject({ status: 'expired', expired: 250n });
    expect(await balance()).toBe(0n);
  });

  it('is closed once, and its hold outlives whoever closed it', async () => {
    await credit('pi_1', 100n);
    const grantId = await give(500n);
    const closed = await commands.closeGrant({ grantId, why: 'withdrawn', reason: 'mistake' }, meta);
    expect(closed).toMatchObject({ ok: true, replayed: false });
    expect(await commands.closeGrant({ grantId, why: 'withdrawn', reason: 'mistake' }, meta)).toMatchObject({
      ok: true,
      replayed: true,
    });
    expect((await cache.view(`account:${accountId}`))?.held).toBe(500n);
    expect(await begin(101n)).toBeUndefined();
    expect(await over(grantId)).toMatchObject({ status: 'withdrawn', withdrawn: 500n });
    expect(await balance()).toBe(100n);
  });

  it(`ends during ${CALLS} calls without touching what was paid for beyond its share`, async () => {
    await credit('pi_1', 100_000n);
    const grantId = await give(50_000n);
    let [spent, lowest, isOver] = [0n, 150_000n, false];
    const call = async (number: number) => {
      if (number === 100) now = END;
      // Nothing here waits for anything outside of this process.
      await new Promise((resolve) => setTimeout(resolve, 2));
      const charge = BigInt(5 + (number % 20));
      const callId = await begin(charge + 5n);
      if (callId === undefined) return;
      const position = await finish(callId, charge);
      spent += charge;
      const view = await cache.view(`account:${accountId}`);
      const available = (view?.balance ?? 0n) - (view?.held ?? 0n);
      if (available < lowest) lowest = available;
      // Those beyond the number that is wanted go on no faster than the tables, or these would never have the end.
      if (number >= CALLS / 2 && !isOver) await waited(position);
    };
    // Some go on when it is over.
    const calls = async (lane: number) => {
      for (let number = lane; number < CALLS / 2 || !isOver; number += 10) await call(number);
      for (let number = lane; number < CALLS / 2; number += 10) await call(number + 1_000);
    };
    const ended = (async () => {
      while (now < END) await new Promise((resolve) => setImmediate(resolve));
      try {
        return await over(grantId);
      } finally {
        isOver = true;
      }
    })();
    await Promise.all([...Array(10).keys()].map(calls));
    const grant = await ended;
    await waited(await ledger.store.head());
    const burned = 50_000n - grant.expired;
    expect(burned).toBeGreaterThan(0n);
    expect(grant.expired).toBeGreaterThan(0n);
    expect(spent).toBeGreaterThan(burned);
    expect(lowest).toBeGreaterThanOrEqual(0n);
    expect(await balance()).toBe(150_000n - spent - grant.expired);
    const [lot] = await ledger.rows(`SELECT remaining FROM p_grants.lots WHERE reference = 'pi_1'`);
    expect(lot).toEqual({ remaining: 100_000n - (spent - burned) });
    const [allocated] = await ledger.rows(
      `SELECT coalesce(sum(quota), 0)::text AS quota FROM p_grants.allocations WHERE grant_id = '${grantId}'`,
    );
    // What was burned, and what its end took.
    expect(allocated).toEqual({ quota: '50000' });
    const { checks } = await verifyBooks({
      store: ledger.store,
      pool: ledger.database.pool,
      cachedBalance: cache,
    });
    expect(checks.flatMap(({ differences }) => differences)).toEqual([]);
    expect(faults).toEqual([]);
  });
});
