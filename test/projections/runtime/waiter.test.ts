import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ledgerProjections } from '../../../src/projections/all-projections.js';
import type { Queryable } from '../../../src/projections/runtime/projection.js';
import { PositionWaiter } from '../../../src/projections/runtime/waiter.js';
import { anEvent, append } from '../../support/events.js';
import { createLedger, type Ledger } from '../projector-setup.js';

const projections = ledgerProjections.map(({ name }) => name);

describe('waiting for a position', () => {
  let ledger: Ledger;
  beforeEach(async () => {
    ledger = await createLedger();
  });
  afterEach(() => ledger.close());

  it('is told by a projector of this process, without a query', async () => {
    await ledger.start();
    const db: Queryable = { query: () => Promise.reject(new Error('nobody should ask')) };
    const waiter = new PositionWaiter({ db, projections });
    await ledger.start({ waiter });
    const position = await append(ledger.store, anEvent('account-registered'));
    await expect(waiter.waitFor(position, 5_000)).resolves.toBe(true);
    await expect(waiter.waitFor(position, 0)).resolves.toBe(true);
  });

  it('asks for the checkpoint where the projector runs elsewhere: one query for all, none when nobody waits', async () => {
    await ledger.start();
    let queries = 0;
    const db = countingQueries(ledger, () => (queries += 1));
    const waiter = new PositionWaiter({ db, projections, pollIntervalMs: 1 });
    const early = Array.from({ length: 50 }, () => waiter.waitFor(0n, 5_000));
    await append(ledger.store, anEvent('account-registered'));
    await expect(Promise.all(early)).resolves.not.toContain(false);
    const asked = queries;
    await expect(waiter.waitFor(0n, 1_000)).resolves.toBe(true);
    expect(queries).toBe(asked);
  });

  it('asks again once the database may have gone back, also where the projector is in this process', async () => {
    await ledger.start();
    let tables = 7n;
    const rows = () => [{ position: tables, installed: BigInt(projections.length) }];
    const db = { query: () => Promise.resolve({ rows: rows() }) } as unknown as Queryable;
    const waiter = new PositionWaiter({ db, projections, pollIntervalMs: 1 });
    waiter.attach();
    waiter.advanced(9n);
    await expect(waiter.waitFor(9n, 0)).resolves.toBe(true);

    waiter.forget();
    await expect(waiter.waitFor(7n, 5_000)).resolves.toBe(true);
    await expect(waiter.waitFor(9n, 20)).resolves.toBe(false);
    waiter.forget();
    const waiting = waiter.waitFor(9n, 5_000);
    tables = 9n;
    waiter.advanced(9n);
    await expect(waiting).resolves.toBe(true);
  });

  it('ends with false when the time is up, also while the database does not answer', async () => {
    const waiter = new PositionWaiter({ db: ledger.database.pool, projections });
    await expect(waiter.waitFor(7n, 20)).resolves.toBe(false);
    const broken = new PositionWaiter({
      db: { query: () => Promise.reject(new Error('down')) },
      projections,
    });
    await expect(broken.waitFor(7n, 20)).resolves.toBe(false);
  });

  it('waits for the cache too where there is one, unless it is away or new', async () => {
    await ledger.start();
    const position = await ledger.given(anEvent('account-registered'));
    const options = { db: ledger.database.pool, projections, pollIntervalMs: 1 };
    const behind = new PositionWaiter({ ...options, cachePosition: () => Promise.resolve(position - 1n) });
    await expect(behind.waitFor(position, 50)).resolves.toBe(false);
    const fresh = new PositionWaiter({ ...options, cachePosition: () => Promise.resolve(undefined) });
    await expect(fresh.waitFor(position, 1_000)).resolves.toBe(true);
    const away = new PositionWaiter({ ...options, cachePosition: () => Promise.reject(new Error('away')) });
    await expect(away.waitFor(position, 1_000)).resolves.toBe(true);
  });
});

function countingQueries(ledger: Ledger, count: () => void): Queryable {
  const query = (...args: Parameters<Ledger['database']['pool']['query']>) => {
    count();
    return ledger.database.pool.query(...args);
  };
  return { query: query as Queryable['query'] };
}
