import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { type HistoryOptions, makeHistory } from '../../src/cli/generate/history.js';
import { placed, writeHistory, writeInOrder } from '../../src/cli/generate/write-history.js';
import { verifyBooks } from '../../src/books/verify/verify-books.js';
import { createEventStoreDb } from '../../src/eventstore/eventstoredb/event-store-db.js';
import { createOrderedWriter } from '../../src/eventstore/eventstoredb/ordered-writer.js';
import { Seals } from '../../src/eventstore/seals.js';
import { createSealKey } from '../../src/support/seal-key.js';
import { createLedger, type Ledger } from '../projections/projector-setup.js';
import { counterfoil, unread } from '../support/counterfoil.js';
import { eventually } from '../support/eventually.js';
import { startEventStoreStandIn } from '../support/eventstoredb-stand-in/index.js';
import { StandInLog } from '../support/eventstoredb-stand-in/log.js';
import { createTestDatabase } from '../support/postgres.js';

const options: HistoryOptions = {
  seed: 'one',
  accounts: 60,
  events: 5_000,
  from: new Date('2026-01-01T00:00:00Z'),
};

describe('a generated history', () => {
  const history = [...makeHistory(options)];

  it('has exactly the events asked for, the same for one seed and others for another', () => {
    expect(history).toHaveLength(5_000);
    expect([...makeHistory(options)]).toEqual(history);
    expect([...makeHistory({ ...options, seed: 'two' })]).not.toEqual(history);
  });

  it('has everything that happens to a ledger, over months, most of it from few accounts', () => {
    const types = new Map<string, number>();
    const calls = new Map<string, number>();
    const months = new Set<string>();
    for (const { type, data } of history) {
      types.set(type, (types.get(type) ?? 0) + 1);
      if (!('started_at' in data)) continue;
      calls.set(data.account_id, (calls.get(data.account_id) ?? 0) + 1);
      months.add(data.started_at.slice(0, 7));
    }
    expect([...types.keys()].sort()).toEqual([
      'account-registered',
      'call-abandoned',
      'call-failed',
      'consumption-corrected',
      'consumption-recorded',
      'payment-credited',
      'payment-refunded',
      'price-list-published',
      'token-issued',
    ]);
    expect(types.get('account-registered')).toBe(60);
    expect(months).toEqual(new Set(['2026-01', '2026-02', '2026-03']));
    const [hottest = 0] = [...calls.values()].sort((a, b) => b - a);
    expect(hottest).toBeGreaterThan(10 * (5_000 / 60));
  });
});

describe('a generated history on its way into EventStoreDB', () => {
  // The stand-in, in this process.
  it('is in the log in its order, sealed, and many charges of one process share an append', async () => {
    const log = new StandInLog();
    const standIn = await startEventStoreStandIn({ log });
    const appends = jest.spyOn(log, 'append');
    const seals = new Seals(createSealKey(Buffer.alloc(32, 6)));
    const writer = createOrderedWriter(standIn.connectionString);
    const store = createEventStoreDb({ connectionString: standIn.connectionString, deadlineMs: 10_000 });
    try {
      const history = () => makeHistory({ ...options, streams: 'process' });
      expect(await writeInOrder(writer, history(), () => undefined, seals)).toBe(5_000);
      const { events } = await store.readAll({ after: -1n, limit: 10_000 });
      expect(events.map(({ stream, revision, id }) => [stream, revision, id])).toEqual(
        [...placed(history(), () => undefined)].map(({ stream, revision, id }) => [stream, revision, id]),
      );
      expect(events.filter((event) => typeof seals.sealOf(event) !== 'object')).toEqual([]);
      expect(appends.mock.calls.length).toBeLessThan(5_000 / 2);
    } finally {
      await writer.close();
      await store.close();
      await standIn.close();
    }
  });
});

describe('a generated ledger', () => {
  let ledger: Ledger;
  beforeAll(async () => {
    ledger = await createLedger();
  });
  afterAll(() => ledger.close());

  it('is projected without drift, and no balance is ever negative', async () => {
    const history = makeHistory({ ...options, streams: 'process' });
    expect(await writeHistory(ledger.store, history, () => undefined)).toBe(5_000);
    const head = await ledger.store.head();
    await ledger.start();
    await eventually(
      async () => {
        const behind = await ledger.rows(`SELECT 1 FROM projection_checkpoints WHERE position < ${head}`);
        return behind.length === 0;
      },
      { timeoutMs: 30_000 },
    );
    const { checks, events } = await verifyBooks({ store: ledger.store, pool: ledger.database.pool });
    expect({ events, differences: checks.flatMap(({ differences }) => differences) }).toEqual({
      events: 5_000,
      differences: [],
    });
    expect(await ledger.rows('SELECT 1 FROM p_balance.balances_after WHERE balance_after < 0')).toEqual([]);
  });
});

describe('counterfoil generate', () => {
  it('writes into an empty ledger, and refuses one that is not', async () => {
    const database = await createTestDatabase({ empty: true });
    const environment = {
      DATABASE_URL: database.url,
      MASTER_KEY: Buffer.alloc(32, 6).toString('base64'),
      // Who reads an event that is not sealed is stopped by it.
      SEALED_LOG: 'required',
    };
    const generate = (events: string) =>
      counterfoil(['generate', '--seed', 's', '--accounts', '10', '--events', events], environment);
    try {
      expect((await generate('50')).code).toBe(2);
      expect(await generate('500')).toMatchObject({
        code: 0,
        stderr: expect.stringContaining('500 events written'),
      });
      expect(await generate('500')).toMatchObject({ code: 2, stderr: expect.stringContaining('not empty') });
      expect(await unread('events read --json --limit 500', environment)).toBe('code 141\n');
      const { rows } = await database.pool.query(`SELECT nextval('user_ids') AS id`);
      expect(Number((rows[0] as { id: bigint }).id)).toBe(11);
    } finally {
      await database.drop();
    }
  });
});
