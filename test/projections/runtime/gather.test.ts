import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Doorbell } from '../../../src/eventstore/postgres/doorbell.js';
import { ledgerProjections } from '../../../src/projections/all-projections.js';
import { PositionWaiter } from '../../../src/projections/runtime/waiter.js';
import { anEvent, append } from '../../support/events.js';
import { eventually } from '../../support/eventually.js';
import { createLedger, type Ledger } from '../projector-setup.js';

/** Longer than any test lasts: whatever gathers for so long and comes nevertheless was hurried. */
const FOR_EVER_MS = 600_000;
const CHANNEL = 'awaited_in_a_test';

describe('events of the ledger that come one by one', () => {
  let ledger: Ledger;
  let batches: number[];
  const observer = {
    batchApplied: ({ group, events }: { readonly group: string; readonly events: number }) => {
      if (group === 'ledger') batches.push(events);
    },
  };
  beforeEach(async () => {
    batches = [];
    ledger = await createLedger();
  });
  afterEach(() => ledger.close());

  /** A projector that has just applied a batch, and lets the next one come together. */
  async function gathering(): Promise<void> {
    await ledger.start({ gatherMs: FOR_EVER_MS, observer });
    await append(ledger.store, anEvent('account-registered'));
    await eventually(() => batches.length === 1);
  }

  it('are applied at once after a pause, and then together', async () => {
    await gathering();
    await append(ledger.store, anEvent('payment-credited'));
    const last = await append(ledger.store, anEvent('token-issued'));
    expect(await ledger.waiter.waitFor(last, 10_000)).toBe(true);
    expect(batches).toEqual([1, 2]);
  });

  it('do not gather while somebody waits for one of them', async () => {
    await gathering();
    for (const type of ['payment-credited', 'token-issued'] as const)
      expect(await ledger.waiter.waitFor(await append(ledger.store, anEvent(type)), 10_000)).toBe(true);
    expect(batches).toEqual([1, 1, 1]);
  });

  it('do not gather while somebody of another process waits for one of them', async () => {
    const { pool, url } = ledger.database;
    const projections = ledgerProjections.map(({ name }) => name);
    const elsewhere = new PositionWaiter({
      db: pool,
      projections,
      hurryElsewhere: () => pool.query(`SELECT pg_notify('${CHANNEL}', '')`),
    });
    const awaited = new Doorbell(url, 'test', CHANNEL);
    await ledger.start({ gatherMs: FOR_EVER_MS, awaited });
    // A doorbell rings when it is there: only from the second on is it the waiting that is heard.
    for (const type of ['account-registered', 'payment-credited', 'token-issued'] as const)
      expect(await elsewhere.waitFor(await append(ledger.store, anEvent(type)), 10_000)).toBe(true);
    await awaited.close();
  });

  it('do not keep a projector from stopping', async () => {
    await gathering();
    await ledger.close();
    ledger = await createLedger();
  });
});
