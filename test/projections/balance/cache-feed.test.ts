import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readAppliedEventText } from '../../../src/eventstore/applied-event-json.js';
import { eventually } from '../../support/eventually.js';
import { readBudgets } from '../../../src/projections/balance/query.js';
import { ACCOUNT_ID, anEvent, BUDGET_ID, MEMBER_ID, TOKEN_ID } from '../../support/events.js';
import { createLedger, type Ledger } from '../projector-setup.js';

const account = `account:${ACCOUNT_ID}` as const;
const token = `token:${TOKEN_ID}` as const;

describe('what the projector tells the cached balance', () => {
  let ledger: Ledger;
  beforeEach(async () => {
    ledger = await createLedger();
  });
  afterEach(() => ledger.close());

  const opening = () => [
    anEvent('account-registered'),
    anEvent('token-issued'),
    anEvent('payment-credited', { quota: 1_000n }),
  ];

  it('new balances, of keys with a limit too, and resolved holds, at once', async () => {
    await ledger.start();
    const charge = anEvent('consumption-recorded', { quota: 100n });
    const refund = anEvent('payment-refunded', { quota: 10n });
    const hold_id = randomUUID();
    const failed = anEvent('call-failed');
    await ledger.given(...opening());
    expect(ledger.cache.balances).toEqual(new Map([[account, 1_000n]]));
    const position = await ledger.given(
      anEvent('token-limits-changed'),
      charge,
      refund,
      anEvent('balance-adjusted', { quota: -5n, hold_id }),
      failed,
    );
    expect(ledger.cache.balances).toEqual(
      new Map([
        [account, 885n],
        [token, 400n],
      ]),
    );
    const last = readAppliedEventText(await ledger.cache.lastApplied());
    expect(last).toMatchObject({ position });
    expect(ledger.cache.resolved()).toEqual([
      charge.data.call_id,
      refund.data.hold_id,
      hold_id,
      failed.data.call_id,
    ]);
  });

  it('what is left of budgets in the periods that a batch moved, and what a new budget leaves', async () => {
    await ledger.start();
    const scope = { kind: 'member', member_id: MEMBER_ID } as const;
    const set = (quota: bigint) => anEvent('budget-set', { scope, quota, timezone: 'UTC' });
    const charge = (started_at: string, quota: bigint) =>
      anEvent('consumption-recorded', { quota, started_at, call_id: randomUUID() });
    const periodOf = (at: Date) => at.toISOString().slice(0, 7).replace('-', '');
    const budget = (period: string) => `budget:${BUDGET_ID}:${period}` as const;
    await ledger.given(
      ...opening(),
      anEvent('account-registered', { account_id: MEMBER_ID, user_id: 2, external_user_id: 'user_2' }),
      anEvent('team-created'),
      anEvent('team-member-added'),
      anEvent('token-assigned'),
      set(500n),
    );
    const now = periodOf(new Date());
    expect(ledger.cache.balances.get(budget(now))).toBe(500n);
    // Of a call that began in the last instant of October.
    await ledger.given(charge('2026-10-31T23:59:59.999Z', 30n), charge('2026-11-01T00:00:00.000Z', 70n));
    expect(ledger.cache.balances.get(budget('202610'))).toBe(470n);
    expect(ledger.cache.balances.get(budget('202611'))).toBe(430n);
    expect(ledger.cache.guards).toContainEqual({ key: `team:${ACCOUNT_ID}`, revision: 2n });
    const key = await ledger.reads.accessKey('a'.repeat(64));
    expect(key?.team).toEqual({
      ...{ teamId: ACCOUNT_ID, memberId: MEMBER_ID, memberGone: false, memberSuspended: false },
      ...{ teamRevision: 2n, memberRevision: 0n },
      budgets: [{ budgetId: BUDGET_ID, kind: 'member', period: 'month', timezone: 'UTC' }],
    });
    await ledger.given(set(600n), anEvent('team-member-removed'));
    expect(ledger.cache.balances.get(budget(now))).toBe(now === '202611' ? 530n : 600n);
    expect((await ledger.reads.accessKey('a'.repeat(64)))?.team).toMatchObject({
      ...{ memberGone: true, teamRevision: 4n },
    });
    // What is not limited any more is freed all the same.
    await ledger.given(anEvent('budget-set', { scope, quota: null, timezone: 'UTC' }));
    const keys = [budget('202611'), `team:${ACCOUNT_ID}` as const, `budget:${randomUUID()}:202611` as const];
    const read = await readBudgets(ledger.database.pool, keys);
    expect(new Map(read.map(({ budget: name, balance, revision }) => [name, [balance, revision]]))).toEqual(
      new Map([
        [keys[0], [9_007_199_254_740_921n, 0n]],
        [keys[1], [0n, 5n]],
      ]),
    );
  });

  it('guards of tokens and accounts, before the position that says so', async () => {
    await ledger.start();
    const position = await ledger.given(
      ...opening(),
      anEvent('token-disabled'),
      anEvent('account-suspended'),
    );
    expect(ledger.cache.guards).toEqual(
      expect.arrayContaining([
        { key: account, revision: 1n },
        { key: token, revision: 1n },
      ]),
    );
    expect(ledger.cache.position).toBe(position);
  });

  it('what it missed while it was away, from the log, as soon as it is back, wherever the clock of the day was set; the read models go on meanwhile', async () => {
    const faults: string[] = [];
    let behindMs = 0;
    await ledger.start({
      observer: { faulted: (group) => void faults.push(group) },
      now: () => new Date(Date.now() - behindMs),
    });
    await ledger.given(...opening());
    ledger.cache.away = true;
    const charges = [anEvent('consumption-recorded', { quota: 1n }), anEvent('consumption-recorded')];
    for (const charge of charges) await ledger.given(charge);
    await expect(ledger.reads.account('user-1')).resolves.toMatchObject({ balance: 972n });
    expect(faults).toContain('cached-balance');
    behindMs = 2 * 3_600_000;
    ledger.cache.away = false;
    await eventually(() => ledger.cache.balances.get(account) === 972n);
    expect(ledger.cache.resolved()).toEqual(charges.map(({ data }) => data.call_id));
  });

  it('what was committed by a projector that died before it could tell', async () => {
    const charge = anEvent('consumption-recorded', { quota: 100n });
    const first = await ledger.start();
    await ledger.given(...opening());
    await first.stop();
    // Dies between commit and apply: its cache never hears of the charge.
    const dying = await ledger.start({ cachedBalance: muteTwin(ledger) });
    await ledger.given(charge);
    await dying.stop();
    expect(ledger.cache.resolved()).toEqual([]);
    await ledger.start();
    await eventually(() => ledger.cache.resolved().length === 1);
    expect(ledger.cache.resolved()).toEqual([charge.data.call_id]);
    expect(ledger.cache.balances.get(account)).toBe(900n);
  });

  it('everything since an old snapshot that the cache came back with', async () => {
    await ledger.start();
    await ledger.given(...opening());
    const position = await ledger.given(anEvent('consumption-recorded', { quota: 100n }));
    ledger.cache.balances.clear();
    ledger.cache.lose(position - 1n);
    await eventually(() => ledger.cache.balances.get(account) === 900n);
  });

  it('everything since it was last known to follow, to a cache that is new', async () => {
    const [registered, issued, credited] = opening();
    if (!registered || !issued || !credited) throw new Error('three events are needed');
    const first = await ledger.start();
    const known = await ledger.given(registered, issued);
    await first.stop();
    const dying = await ledger.start({ cachedBalance: muteTwin(ledger) });
    await ledger.given(credited);
    await dying.stop();
    await ledger.rows(`UPDATE projection_cache_feed SET position = ${known}`);
    ledger.cache.position = undefined;
    await ledger.start();
    await eventually(() => ledger.cache.balances.get(account) === 1_000n);
  });
});

/** A cache that swallows everything and is never reached. */
function muteTwin(ledger: Ledger): Ledger['cache'] {
  return Object.assign(Object.create(ledger.cache) as Ledger['cache'], {
    apply: () => Promise.reject(new Error('dead')),
    raiseGuards: () => Promise.reject(new Error('dead')),
    appliedPosition: () => Promise.reject(new Error('dead')),
    onLost: () => () => undefined,
  });
}
