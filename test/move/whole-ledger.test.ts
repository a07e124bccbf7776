import { createHash, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type pg from 'pg';
import { digestOfLog, eventsAfter } from '../../src/backup/after-backup.js';
import { writeBackup } from '../../src/backup/write/write-backup.js';
import { type BooksDigest, differencesOf, digestBooks } from '../../src/books/digest/digest-books.js';
import { backupSourceOf } from '../../src/compose/backup.js';
import { openFoundation } from '../../src/compose/ledger.js';
import { restoreLedger } from '../../src/compose/restore.js';
import { BEFORE_FIRST, type EventStore } from '../../src/eventstore/event-store.js';
import { createEventStoreDb } from '../../src/eventstore/eventstoredb/event-store-db.js';
import { readLog } from '../../src/eventstore/read-log.js';
import { anEvent, append } from '../support/events.js';
import { catchUp } from '../../src/move/move-tables.js';
import type { MoveReport } from '../../src/move/move-log.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';
import { typeOfStored } from '../../src/domain/events/versions.js';
import { everyStoredName, SAID_OF_SEALS } from '../support/whole-ledger/stored-events.js';
import { balancesOfPast, createMovingWorld, type MovingWorld } from './moving-world.js';

/** The whole check has 100,000; `COUNTERFOIL_TEST_MOVE_EVENTS=1000000 npx jest test/move/whole-ledger` tries more. */
const EVENTS = Number(process.env.COUNTERFOIL_TEST_MOVE_EVENTS ?? 10_000);
/** What is moved twice and read before and after is none of the longest. */
const FEWER = 3_000;
const PATIENCE_MS = 240_000 + EVENTS * 10;

/** It was skipped. */
const A_STRANGE_ONE = 'mystery-happened.v1';

let folder: string;
const undo: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'counterfoil-whole-'));
});
afterAll(async () => {
  for (const step of undo.splice(0).reverse()) await step();
  await rm(folder, { recursive: true, force: true });
}, 120_000);

async function createWorld(events: number): Promise<MovingWorld> {
  const world = await createMovingWorld(events, { apart: true });
  undo.push(() => world.close());
  return world;
}

describe('a ledger with events of every type and version', () => {
  it(
    `of ${EVENTS.toLocaleString('en-US')} events is moved, and restored elsewhere from a backup: events, dates, tables and balances of the past are equal`,
    async () => {
      const world = await createWorld(EVENTS);
      const fresh = await createTestDatabase();
      undo.push(() => fresh.drop());
      const esdb = world.eventStoreDb.connectionString;
      const { pool } = world.database;
      // As of a ledger that is in use.
      await catchUp({ pool, timezone: 'UTC', source: { store: world.postgres } });
      const balances = await balancesOfPast(pool);
      expect(new Set(balances.map((line) => line.split(' ').at(-2))).size).toBeGreaterThan(10);

      const moved = await world.move('database', esdb);

      expect(moved).toMatchObject({ events: EVENTS, generation: 2 });
      expect(await balancesOfPast(pool)).toEqual(balances);
      const names = new Set(await namesIn(pool));

      expect(await drill(world, esdb, fresh)).toEqual({
        ...{ sameLog: true, since: { 'claim-reserved.v1': 1 }, drift: [] },
      });
      // The restoring is itself an act of an operator.
      const restored = await digestBooks(fresh.pool);
      const tables = { ...restored, tables: asDigested(moved.tables) };
      expect(differencesOf(tables, restored)).toEqual(['acts.acts']);
      const { rows: last } = await fresh.pool.query(
        'SELECT type FROM p_acts.acts ORDER BY position DESC LIMIT 1',
      );
      expect(last).toEqual([{ type: 'log-accepted' }]);
      expect(await balancesOfPast(fresh.pool)).toEqual(balances);
      expect(await firstDateIn(fresh.pool)).toBeLessThan(A_DAY_AFTER_THE_FIRST);
      // What a log says of its moves stands in the closed one, and in the copy.
      for (const name of await namesIn(fresh.pool)) names.add(name);
      names.delete(A_STRANGE_ONE);
      expect([...names].sort()).toEqual(
        everyStoredName.filter((name) => typeOfStored(name) !== SAID_OF_SEALS),
      );
    },
    PATIENCE_MS,
  );

  it(
    'is moved there and back: its events are those of before, to the text, and so are the tables',
    async () => {
      const world = await createWorld(FEWER);
      const esdb = world.eventStoreDb.connectionString;
      const { pool } = world.database;
      const original = await digestOf(world.postgres);

      const there = await world.move('database', esdb);
      const balances = await balancesOfPast(pool);
      await writeSomebodys(esdb);
      expect(await world.move(esdb, 'database')).toMatchObject({
        ...{ events: FEWER, generation: 3, tables: there.tables },
      });

      expect(await digestOf(world.postgres)).toEqual(original);
      // Each copy of an event says where it stood before.
      const { events: firsts } = await world.postgres.readAll({ after: BEFORE_FIRST, limit: 3 });
      const first = firsts.find(({ stream }) => stream !== 'log');
      expect(first?.metadata.copied).toMatchObject({ positions: ['0', expect.any(String)] });
      // The log of before is set aside, and not deleted.
      const former = await pool.query(`SELECT 1 FROM pg_tables WHERE schemaname = 'former_logs'`);
      expect(former.rows).toHaveLength(1);
      // Dates are those of the events, and not of the moves.
      expect(await firstDateIn(pool)).toBeLessThan(A_DAY_AFTER_THE_FIRST);
      expect(await world.postgres.readStream('orders-1', { limit: 1 })).toEqual([]);
      expect(await balancesOfPast(pool)).toEqual(balances);
    },
    PATIENCE_MS,
  );
});

/** Backs up the log in the EventStoreDB, goes on writing into it, and restores the backup into the fresh database. */
async function drill(world: MovingWorld, esdb: string, fresh: TestDatabase) {
  const written = await world.within({ EVENTSTORE_URL: esdb }, async (base) => {
    const foundation = await openFoundation(base);
    const { store } = foundation;
    const { manifest } = await writeBackup(backupSourceOf(foundation), { folder, now: () => new Date() });
    await append(store, anEvent('claim-reserved', { owner: 'somebody later' }));
    const { types: since } = await eventsAfter(store, manifest.log.last.position);
    const { events } = manifest.log;
    return { since, events, digest: await digestOfLog(store, events) };
  });
  return world.within({ DATABASE_URL: fresh.url }, async (base) => {
    const { store, verification } = await restoreLedger(base, {
      ...{ folder, secret: undefined, meta: { actor: 'operator:alice', requestId: 'test' }, leaveOut: 10 },
      onProgress: { checked: never, whole: never, restored: never, projected: never, verified: never },
    });
    const drift = verification.checks.flatMap(({ differences }) => differences);
    const sameLog = (await digestOfLog(store, written.events)) === written.digest;
    return { sameLog, since: written.since, drift };
  });
}

/** Somebody else writes into the EventStoreDB. */
async function writeSomebodys(connectionString: string): Promise<void> {
  const store = createEventStoreDb({ connectionString, deadlineMs: 30_000 });
  const event = { id: randomUUID(), type: 'order-placed', data: {}, metadata: {} };
  const { outcome } = await store.append([{ stream: 'orders-1', expected: 'no-stream', events: [event] }]);
  expect(outcome).toBe('appended');
  await store.close();
}

const never = (): void => undefined;

/** What the ledger's events say, when, and where in their streams, but for what its log says of moves. */
async function digestOf(store: EventStore): Promise<{ readonly events: number; readonly sum: string }> {
  const sum = createHash('sha256');
  let events = 0;
  for await (const page of readLog(store, { after: BEFORE_FIRST }))
    for (const { stream, revision, id, type, recordedAt, data, metadata } of page.events) {
      if (stream === 'log') continue;
      const own = { ...metadata, copied: undefined };
      sum.update(JSON.stringify([stream, `${revision}`, id, type, recordedAt, data, own]));
      events += 1;
    }
  return { events, sum: sum.digest('hex') };
}

async function namesIn(pool: pg.Pool): Promise<readonly string[]> {
  const { rows } = await pool.query<{ type: string }>('SELECT DISTINCT type FROM events');
  return rows.map(({ type }) => type);
}

const A_DAY_AFTER_THE_FIRST = Date.UTC(2026, 7, 2);

async function firstDateIn(pool: pg.Pool): Promise<number> {
  const { rows } = await pool.query<{ first: Date }>(
    'SELECT min(recorded_at) AS first FROM p_journal.entries',
  );
  return rows[0]?.first.getTime() ?? NaN;
}

/** As a move wrote them down, of both logs. */
const asDigested = (tables: MoveReport['tables']): BooksDigest['tables'] =>
  tables.map((each) => ({ ...each, rows: BigInt(each.rows) }));
