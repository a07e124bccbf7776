import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type pg from 'pg';
import { pino } from 'pino';
import { balanceAt } from '../../src/books/audit/balance.js';
import { withSnapshot } from '../../src/books/audit/snapshot.js';
import type { Base } from '../../src/compose/base.js';
import { openMove } from '../../src/compose/log-move.js';
import { startService, type Service } from '../../src/compose/service.js';
import { ShutdownList } from '../../src/compose/shutdown.js';
import { readConfig } from '../../src/config.js';
import type { EventStore } from '../../src/eventstore/event-store.js';
import { createMemoryEventStore } from '../../src/eventstore/memory/memory-event-store.js';
import { createPostgresEventStore } from '../../src/eventstore/postgres/postgres-event-store.js';
import { type MoveOptions, type MoveReport, moveLog } from '../../src/move/move-log.js';
import { noteLog, verifyMasterKey } from '../../src/stores/ledger-instance.js';
import { createKeyring } from '../../src/support/keyring.js';
import { Child } from '../../bench/support/child.js';
import { openEventStoreDb } from '../support/eventstoredb-processes.js';
import { type EventStoreStandIn, startEventStoreStandIn } from '../support/eventstoredb-stand-in/index.js';
import { StandInLog } from '../support/eventstoredb-stand-in/log.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';
import { GENERATION, wholeLedger } from '../support/whole-ledger/whole-ledger.js';

const silent = pino({ level: 'silent' });
const FIRST_DAY = new Date('2026-08-01T00:00:00Z');
const DAYS = 90;

type StandIn = Pick<EventStoreStandIn, 'connectionString' | 'close'>;

/** A ledger with a past in the PostgreSQL log, an EventStoreDB, and the means to move the one to the other. */
export interface MovingWorld {
  readonly database: TestDatabase;
  /** Of the EventStoreDB, where it is in this process. */
  readonly log: StandInLog;
  readonly eventStoreDb: StandIn;
  readonly postgres: EventStore;
  /** Of a command on this ledger. */
  readonly environment: Readonly<Record<string, string>>;
  /** Opens and runs a move; `tampered` may come between it and its servers. */
  move(from: string, to: string, tampered?: (options: MoveOptions) => MoveOptions): Promise<MoveReport>;
  start(changes?: Readonly<Record<string, string>>): Promise<Service>;
  /** Runs with the configuration of a process of this ledger. */
  within<T>(changes: Readonly<Record<string, string>>, run: (base: Base) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/**
 * @param events in the log, at least 1,000
 * @param options.apart the EventStoreDB is a process of its own, which EVENTSTORE_TEST_START may name: for what takes long
 */
export async function createMovingWorld(events: number, { apart = false } = {}): Promise<MovingWorld> {
  const folder = await mkdtemp(join(tmpdir(), 'counterfoil-move-'));
  const database = await createTestDatabase();
  const log = new StandInLog();
  const eventStoreDb = apart ? await openEventStoreDb(startApart) : await startEventStoreStandIn({ log });
  const masterKey = randomBytes(32);
  const environment = {
    PORT: '0',
    DATA_DIR: join(folder, 'data'),
    DATABASE_URL: database.url,
    MASTER_KEY: masterKey.toString('base64'),
    EXTERNAL_API_AUTH: 'open',
  };
  const postgres = createPostgresEventStore({ connectionString: database.url });
  const ledgerId = await verifyMasterKey(database.pool, createKeyring(masterKey));
  await postgres.fill?.(wholeLedger({ ledgerId, events, from: FIRST_DAY, days: DAYS }));
  await noteLog(database.pool, { kind: 'postgres', generation: GENERATION });
  const services: Service[] = [];
  const within: MovingWorld['within'] = async (changes, run) => {
    const shutdown = new ShutdownList(silent);
    try {
      return await run({ config: readConfig({ ...environment, ...changes }), log: silent, shutdown });
    } finally {
      await shutdown.run();
    }
  };
  return {
    ...{ database, log, eventStoreDb, postgres, environment },
    within,
    move: (from, to, tampered = (options) => options) =>
      within({}, async (base) =>
        moveLog(tampered(await openMove(base, { from, to, by: 'operator:alice', quietMs: 0 }))),
      ),
    start: async (changes = {}) => {
      const service = await startService(readConfig({ ...environment, ...changes }), silent, () => undefined);
      services.push(service);
      return service;
    },
    close: async () => {
      for (const service of services) await service.close();
      await postgres.close();
      await eventStoreDb.close();
      await database.drop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function startApart(): Promise<StandIn> {
  const child = new Child(new URL('../../bench/ledger/stand-in-process.ts', import.meta.url));
  const { connectionString } = await child.ready<{ connectionString: string }>();
  return { connectionString, close: () => child.stop() };
}

/** At the end of ten days of the past: of some who have much, and of some who have what is rare. */
export async function balancesOfPast(pool: pg.Pool): Promise<readonly string[]> {
  const { rows: users } = await pool.query<{ name: string }>(
    `SELECT external_user_id AS name FROM p_accounts.accounts
     WHERE user_id <= 3 OR external_user_id LIKE 'chapter-%' ORDER BY user_id LIMIT 12`,
  );
  const found: string[] = [];
  await withSnapshot(pool, async (snapshot) => {
    for (let tenth = 1; tenth <= 10; tenth++) {
      const at = new Date(FIRST_DAY.getTime() + (tenth * DAYS * 86_400_000) / 10);
      for (const { name } of users) {
        const parts = { store: createMemoryEventStore(), cachedBalance: undefined };
        const { balance, last_movement } = await balanceAt(snapshot, parts, name, { at });
        found.push(`${name} ${at.toISOString()} ${balance} ${last_movement?.recorded_at}`);
      }
    }
  });
  return found;
}
