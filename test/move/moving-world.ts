import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { pino } from 'pino';
import { balanceAt } from '../../src/books/audit/balance.js';
import { withSnapshot } from '../../src/books/audit/snapshot.js';
import { foundLedger } from '../../src/commands/ledger/found-ledger.js';
import { openMove } from '../../src/compose/log-move.js';
import { startService, type Service } from '../../src/compose/service.js';
import { ShutdownList } from '../../src/compose/shutdown.js';
import { readConfig } from '../../src/config.js';
import { catalogue, type DomainEvent, type EventType } from '../../src/domain/events/catalogue.js';
import type { EventStore } from '../../src/eventstore/event-store.js';
import { createMemoryEventStore } from '../../src/eventstore/memory/memory-event-store.js';
import { createPostgresEventStore } from '../../src/eventstore/postgres/postgres-event-store.js';
import { type MoveOptions, type MoveReport, moveLog } from '../../src/move/move-log.js';
import { noteLog, verifyMasterKey } from '../../src/stores/ledger-instance.js';
import { createKeyring } from '../../src/support/keyring.js';
import { anEvent, append } from '../support/events.js';
import { type EventStoreStandIn, startEventStoreStandIn } from '../support/eventstoredb-stand-in/index.js';
import { StandInLog } from '../support/eventstoredb-stand-in/log.js';
import { choiceArbitrary, historyOf } from '../support/history.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';
import { readWholeLog } from '../support/whole-log.js';

const silent = pino({ level: 'silent' });
const FIRST_DAY = Date.UTC(2026, 7, 1);
const DAYS = 90;

/** An event of every type but those that a ledger's own log tells of itself, of an account of their own. */
function everyType(): readonly DomainEvent[] {
  const own: readonly string[] = [
    'ledger-founded',
    'log-accepted',
    'log-copy-begun',
    'log-copied',
    'log-closed',
  ];
  const types = (Object.keys(catalogue) as EventType[]).filter((type) => !own.includes(type));
  return types.map((type) => {
    const { data } = anEvent(type) as { data: Record<string, unknown> };
    const ids = { user_id: 900, token_id: 900, external_user_id: 'every-type' };
    const known = Object.entries(ids).filter(([name]) => name in data);
    return anEvent(type, Object.fromEntries(known) as never);
  });
}

/** A ledger with a past in the PostgreSQL log, an EventStoreDB, and the means to move the one to the other. */
export interface MovingWorld {
  readonly database: TestDatabase;
  readonly log: StandInLog;
  readonly eventStoreDb: EventStoreStandIn;
  readonly postgres: EventStore;
  /** Opens and runs a move; `tampered` may come between it and its servers. */
  move(from: string, to: string, tampered?: (options: MoveOptions) => MoveOptions): Promise<MoveReport>;
  start(changes?: Readonly<Record<string, string>>): Promise<Service>;
  /** Of the history's users at the end of ten days of the past. */
  balances(): Promise<readonly string[]>;
  close(): Promise<void>;
}

export async function createMovingWorld(choices: number): Promise<MovingWorld> {
  const folder = await mkdtemp(join(tmpdir(), 'counterfoil-move-'));
  const database = await createTestDatabase();
  const log = new StandInLog();
  const eventStoreDb = await startEventStoreStandIn({ log });
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
  await fillWithPast(postgres, ledgerId, choices);
  await noteLog(database.pool, { kind: 'postgres', generation: 0 });
  const services: Service[] = [];
  return {
    ...{ database, log, eventStoreDb, postgres },
    move: async (from, to, tampered = (options) => options) => {
      const shutdown = new ShutdownList(silent);
      try {
        const base = { config: readConfig(environment), log: silent, shutdown };
        const options = await openMove(base, { from, to, by: 'operator:alice', quietMs: 0 });
        return await moveLog(tampered(options));
      } finally {
        await shutdown.run();
      }
    },
    start: async (changes = {}) => {
      const service = await startService(readConfig({ ...environment, ...changes }), silent, () => undefined);
      services.push(service);
      return service;
    },
    balances: () => balancesOf(database),
    close: async () => {
      for (const service of services) await service.close();
      await postgres.close();
      await eventStoreDb.close();
      await database.drop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Written in memory first, at times of its own. */
async function fillWithPast(store: EventStore, ledgerId: string, choices: number): Promise<void> {
  const step = Math.floor((DAYS * 86_400_000) / choices);
  let at = FIRST_DAY;
  const past = createMemoryEventStore({ now: () => new Date((at += step)) });
  await foundLedger(past, { ledgerId, foundedAt: new Date(FIRST_DAY).toISOString() });
  const chosen = fc.sample(choiceArbitrary, { numRuns: choices, seed: 5 });
  const history = historyOf(chosen.filter(({ action }) => action !== 'prices'));
  await append(past, ...everyType(), ...history);
  await store.fill?.(await readWholeLog(past));
}

async function balancesOf({ pool }: TestDatabase): Promise<readonly string[]> {
  const found: string[] = [];
  await withSnapshot(pool, async (snapshot) => {
    for (let day = 1; day <= 10; day++) {
      const at = new Date(FIRST_DAY + day * 86_400_000);
      for (const user of ['member-0', 'member-1', 'member-2']) {
        const { balance, last_movement } = await balanceAt(
          snapshot,
          { store: createMemoryEventStore(), cachedBalance: undefined },
          user,
          { at },
        );
        found.push(`${user} ${at.toISOString()} ${balance} ${last_movement?.recorded_at}`);
      }
    }
  });
  return found;
}
