import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readAppliedEventText } from '../../../src/eventstore/applied-event-json.js';
import { eventually } from '../../support/eventually.js';
import { ACCOUNT_ID, anEvent, TOKEN_ID } from '../../support/events.js';
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
