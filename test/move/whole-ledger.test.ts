import { createHash, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type pg from 'pg';
import { digestOfLog, eventsAfter } from '../../src/backup/after-backup.js';
import { writeBackup } from '../../src/backup/write/write-backup.js';
import { differencesOf, digestBooks } from '../../src/books/digest/digest-books.js';
import { backupSourceOf } from '../../src/compose/backup.js';
import { openFoundation } from '../../src/compose/ledger.js';
import { restoreLedger } from '../../src/compose/restore.js';
import { BEFORE_FIRST, type EventStore } from '../../src/eventstore/event-store.js';
import { createEventStoreDb } from '../../src/eventstore/eventstoredb/event-store-db.js';
import { readLog } from '../../src/eventstore/read-log.js';
import { anEvent, append } from '../support/events.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';
import { typeOfStored } from '../../src/domain/events/catalogue.js';
import { everyStoredName, SAID_OF_SEALS } from '../support/whole-ledger/stored-events.js';
import { balancesOfPast, createMovingWorld, type MovingWorld } from './moving-world.js';

/** `COUNTERFOIL_TEST_MOVE_EVENTS=100000 npx jest test/move/whole-ledger` tries a longer one. */
const EVENTS = Number(process.env.COUNTERFOIL_TEST_MOVE_EVENTS ?? 10_000);
const PATIENCE_MS = 240_000 + EVENTS * 5;

/** It was skipped. */
const A_STRANGE_ONE = 'mystery-happened.v1';

let world: MovingWorld;
let fresh: TestDatabase;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'counterfoil-whole-'));
  fresh = await createTestDatabase();
  world = await createMovingWorld(EVENTS, { apart: true });
}, PATIENCE_MS);
afterAll(async () => {
  await world?.close();
  await fresh?.drop();
  await rm(folder, { recursive: true, force: true });
}, 120_000);

describe('a ledger with events of every type and version', () => {
  it(
    'is moved there, restored elsewhere from a backup, and moved back: events, dates, tables and balances of the past are equal',
    async () => {
      const esdb = world.eventStoreDb.connectionString;
      const { pool } = world.database;
      const original = await digestOf(world.postgres);

      expect(await world.move('database', esdb)).toMatchObject({ events: EVENTS, generation: 2 });

      const names = new Set((await namesIn(pool)).filter((name) => name !== A_STRANGE_ONE));
      const [tables, balances] = [await digestBooks(pool), await balancesOfPast(pool)];
      expect(new Set(balances.map((line) => line.split(' ').at(-2))).size).toBeGreaterThan(10);

      expect(await drill(esdb)).toEqual({ sameLog: true, since: { 'claim-reserved.v1': 1 }, drift: [] });
      // The restoring is itself an act of an operator.
      expect(differencesOf(tables, await digestBooks(fresh.pool))).toEqual(['acts.acts']);
      const { rows: last } = await fresh.pool.query(
        'SELECT type FROM p_acts.acts ORDER BY position DESC LIMIT 1',
      );
      expect(last).toEqual([{ type: 'log-accepted' }]);
      expect(await balancesOfPast(fresh.pool)).toEqual(balances);
      // What a log says of its moves stands in the closed one, and in the copy.
      for (const name of await namesIn(fresh.pool)) if (name !== A_STRANGE_ONE) names.add(name);
      expect([...names].sort()).toEqual(
        everyStoredName.filter((name) => typeOfStored(name) !== SAID_OF_SEALS),
      );

      await writeSomebodys(esdb);
      expect(await world.move(esdb, 'database')).toMatchObject({ events: EVENTS + 1, generation: 3 });

      expect(await digestOf(world.postgres)).toEqual(original);
      // Each copy of an event says where it stood before.
      const { events: firsts } = await world.postgres.readAll({ after: BEFORE_FIRST, limit: 3 });
      const first = firsts.find(({ stream }) => stream !== 'log');
      expect(first?.metadata.copied).toMatchObject({ positions: ['0', expect.any(String)] });
      // The log of before is set aside, and not deleted.
      const former = await pool.query(`SELECT 1 FROM pg_tables WHERE schemaname = 'former_logs'`);
      expect(former.rows).toHaveLength(1);
      // Dates are those of the events, and not of the moves.
      const { rows } = await pool.query('SELECT min(recorded_at) AS first FROM p_journal.entries');
      expect((rows[0] as { first: Date }).first.getTime()).toBeLessThan(Date.UTC(2026, 9, 1));
      expect(await world.postgres.readStream('orders-1', { limit: 1 })).toEqual([]);
      expect(differencesOf(tables, await digestBooks(pool))).toEqual([]);
      expect(await balancesOfPast(pool)).toEqual(balances);
    },
    PATIENCE_MS,
  );
});

/** Backs up the log in the EventStoreDB, goes on writing into it, and restores the backup into the fresh database. */
async function drill(esdb: string) {
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

/** What the ledger's events say, when, and where in their streams, but for what came after the first so many, and what its log says of moves. */
async function digestOf(store: EventStore): Promise<{ readonly events: number; readonly sum: string }> {
  const sum = createHash('sha256');
  let events = 0;
  for await (const page of readLog(store, { after: BEFORE_FIRST }))
    for (const { stream, revision, id, type, recordedAt, data, metadata } of page.events) {
      if (stream === 'log' || events === EVENTS) continue;
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
