import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { allProjections, ledgerProjections } from '../../../src/projections/all-projections.js';
import { balance } from '../../../src/projections/balance/projector.js';
import { withTransaction } from '../../../src/postgres/pool.js';
import { applyBatch, applyWithin } from '../../../src/projections/runtime/apply-batch.js';
import type { EventStore, LogQuery } from '../../../src/eventstore/event-store.js';
import { readCheckpoints } from '../../../src/projections/runtime/checkpoints.js';
import type { Projection } from '../../../src/projections/runtime/projection.js';
import { readDecodedPage } from '../../../src/projections/runtime/read-decoded.js';
import { statistics } from '../../../src/projections/statistics/projector.js';
import { rebuild, rebuildAll, RebuildUnderWay } from '../../../src/projections/runtime/rebuild.js';
import { eventually } from '../../support/eventually.js';
import { ACCOUNT_ID, anEvent, append } from '../../support/events.js';
import { type Choice, historyOf } from '../../support/history.js';
import { createLedger, type Ledger } from '../projector-setup.js';

const choices = Array.from({ length: 60 }, (_, index): Choice => {
  const actions = ['credit', 'charge', 'correct', 'refund', 'charge', 'limits', 'abandon'] as const;
  return { account: index % 3, action: actions[index % actions.length] ?? 'charge', amount: 10 + index };
});

describe('a rebuild', () => {
  let ledger: Ledger;
  beforeEach(async () => {
    ledger = await createLedger();
  });
  afterEach(() => ledger.close());
  const options = () => ({ pool: ledger.database.pool, store: ledger.store });
  /** What of the log the live tables do not have. */
  const afterLive = async (name: string) => {
    const [live] = await readCheckpoints(ledger.database.pool, [name], 'live');
    const range = { after: live?.position ?? -1n, limit: 100, onUnreadable: 'stop' } as const;
    return (await readDecodedPage(ledger.store, range)).batch;
  };

  it('of each projection gives the same rows, and nothing of it stays behind', async () => {
    await ledger.start();
    await ledger.given(...historyOf(choices));
    for (const projection of allProjections('UTC')) {
      await expect(rebuild(projection, options())).resolves.toMatchObject({ equal: true, swapped: true });
    }
    await expect(
      ledger.rows(
        `SELECT nspname FROM pg_namespace WHERE nspname LIKE 'p\\_%\\_next' OR nspname LIKE 'p\\_%\\_old'`,
      ),
    ).resolves.toEqual([]);
    await expect(ledger.rows(`SELECT 1 FROM projection_checkpoints WHERE slot = 'next'`)).resolves.toEqual(
      [],
    );
  });

  it('goes on beside the live tables while events come in, and is swapped in without a gap', async () => {
    await ledger.start();
    await ledger.given(...historyOf(choices), anEvent('account-registered'));
    let writing = true;
    const writer = (async () => {
      let position = -1n;
      while (writing) {
        // The log in memory never leaves the event loop by itself.
        await new Promise((resolve) => setTimeout(resolve, 1));
        position = await append(ledger.store, anEvent('consumption-recorded', { quota: 1n }));
      }
      return position;
    })();
    for (let round = 0; round < 3; round++) {
      await expect(rebuild(balance, options())).resolves.toMatchObject({ equal: true, swapped: true });
    }
    writing = false;
    const last = await writer;
    expect(await ledger.reads.waitFor(last, 10_000)).toBe(true);
    const [row] = await ledger.rows(
      `SELECT count(*) AS charges FROM p_usage_log.log_rows WHERE account_id = '${ACCOUNT_ID}'`,
    );
    await expect(ledger.reads.account('user-1')).resolves.toMatchObject({ usedQuota: row?.charges });
  });

  it('is filled when it is near to the live tables, which may go on all the time', async () => {
    await ledger.start();
    await ledger.given(...historyOf(choices), anEvent('account-registered'));
    const { store } = ledger;
    let [later, filled] = [0, false];
    // Whenever the log is read for the new tables, the live ones get on.
    const busy: EventStore = Object.assign(Object.create(store) as EventStore, {
      readAll: async (query: LogQuery) => {
        if (!filled && later < 20) {
          later += 1;
          await ledger.given(anEvent('consumption-recorded'));
        }
        return store.readAll(query);
      },
    });
    const onFilled = () => void (filled = true);
    const result = await rebuild(balance, { ...options(), store: busy, onFilled });
    expect(result).toMatchObject({ equal: true, swapped: true });
    expect(later).toBeLessThan(20);
  });

  it('finds tables that are not what the log says, and leaves them unless told otherwise', async () => {
    await ledger.start();
    await ledger.given(...historyOf(choices));
    await ledger.rows('UPDATE p_balance.balances SET balance = balance + 1');
    await expect(rebuild(balance, { ...options(), swap: false })).resolves.toMatchObject({ equal: false });
    const found = await rebuild(balance, options());
    expect(found).toMatchObject({ equal: false, swapped: false });
    expect(found.tables.map(({ live, next }) => [live.table, live.digest === next.digest])).toEqual([
      ['balances', false],
      ['token_usage', true],
      ['balances_after', true],
    ]);
    await expect(rebuild(balance, { ...options(), accept: true })).resolves.toMatchObject({ swapped: true });
    await expect(rebuild(balance, options())).resolves.toMatchObject({ equal: true });
  });

  it('that was killed goes on where it was', async () => {
    await ledger.start({ maxBatchEvents: 10 });
    await ledger.given(...historyOf(choices));
    const killed = rebuild(balance, {
      ...options(),
      onProgress: () => {
        throw new Error('killed');
      },
    });
    await expect(killed).rejects.toThrow('killed');
    await append(ledger.store, anEvent('consumption-recorded'));
    const resumed = await rebuild(balance, options());
    expect(resumed).toMatchObject({ equal: true, swapped: true });
    expect(resumed.events).toBeLessThan(historyOf(choices).length);
  });

  it('of several takes none further than its own live tables, which it is compared with', async () => {
    const projector = await ledger.start();
    await ledger.given(...historyOf(choices));
    await projector.stop();
    await append(ledger.store, anEvent('consumption-recorded'));
    const unread = await afterLive('balance');
    await applyBatch(ledger.database.pool, [statistics('UTC')], unread);
    const results = await rebuildAll(allProjections('UTC'), options());
    expect(results.filter(({ equal, swapped }) => equal !== true || !swapped)).toEqual([]);
    const positionOf = (name: string) => results.find(({ projection }) => projection === name)?.position;
    expect(positionOf('statistics')).toBe(unread.position);
    for (const name of ['balance', 'acts']) expect(positionOf(name)).toBe(unread.after);
  });

  it('begins anew where its unfinished tables are ahead of the live ones', async () => {
    const projector = await ledger.start();
    await ledger.given(...historyOf(choices));
    await projector.stop();
    const unfinished = rebuild(balance, {
      ...options(),
      onFilled: () => {
        throw new Error('killed');
      },
    });
    await expect(unfinished).rejects.toThrow('killed');
    await append(ledger.store, anEvent('consumption-recorded'));
    const unread = await afterLive('balance');
    await withTransaction(ledger.database.pool, (tx) => applyWithin(tx, [balance], unread, 'next'));
    await expect(rebuild(balance, options())).resolves.toMatchObject({ equal: true, swapped: true });
  });

  it('is done by one program at a time', async () => {
    await ledger.start();
    await ledger.given(...historyOf(choices));
    const [first, second] = await Promise.allSettled([
      rebuild(balance, options()),
      rebuild(balance, options()),
    ]);
    const refused = [first, second].filter(({ status }) => status === 'rejected');
    expect(refused).toMatchObject([{ reason: expect.any(RebuildUnderWay) }]);
  });

  it('happens by itself when a new version starts, while the old tables stay readable', async () => {
    const first = await ledger.start();
    await ledger.given(...historyOf(choices));
    await first.stop();
    const newer: Projection = {
      ...balance,
      version: '2',
      ddl: (schema) =>
        `${balance.ddl(schema)}; ALTER TABLE ${schema}.balances ADD note text NOT NULL DEFAULT 'new'`,
    };
    const ledgerGroup = ledgerProjections.map((projection) => (projection === balance ? newer : projection));
    const seen: string[] = [];
    await ledger.start({
      ledger: ledgerGroup,
      observer: { rebuilding: ({ projection }) => void seen.push(projection) },
    });
    expect(new Set(seen)).toEqual(new Set(['balance']));
    await expect(ledger.rows('SELECT DISTINCT note FROM p_balance.balances')).resolves.toEqual([
      { note: 'new' },
    ]);
    await ledger.given(anEvent('consumption-recorded'));
  });

  it('by a newer program stops the older one, which says why', async () => {
    const older = await ledger.start();
    await ledger.given(...historyOf(choices));
    await rebuild({ ...balance, version: '2' }, options());
    await append(ledger.store, anEvent('consumption-recorded'));
    const [status] = await eventually(async () => {
      const found = await older.status();
      if (found[0]?.state !== 'stopped') throw new Error('not stopped yet');
      return found;
    });
    expect(status?.stoppedBecause).toBe('balance has version 2, this program has version 1');
  });
});
