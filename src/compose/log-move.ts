import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { ledgerDecider } from '../domain/ledger/decide.js';
import { ledgerStream } from '../domain/streams.js';
import { load } from '../commands/handling/load.js';
import { placeOf } from '../commands/ledger/expected-log.js';
import { readLogHistory } from '../commands/move/log-history.js';
import { type LogWriter, writerByFilling } from '../eventstore/log-writer.js';
import { openOrderedWriter } from './event-store.js';
import { withOriginalTimes } from '../eventstore/original-times.js';
import { closeLog } from '../eventstore/postgres/close-log.js';
import { setLogAside } from '../eventstore/postgres/set-log-aside.js';
import { createPostgresEventStore } from '../eventstore/postgres/postgres-event-store.js';
import type { Seals } from '../eventstore/seals.js';
import { createPool } from '../postgres/pool.js';
import { CannotMove, type MovedLog, type MoveOptions } from '../move/move-log.js';
import { noteLog, readInstance, verifyMasterKey } from '../stores/ledger-instance.js';
import { createKeyring } from '../support/keyring.js';
import type { Base } from './base.js';
import { type Database, openDatabase } from './database.js';
import { readMasterKey } from './master-key.js';
import { openSeals } from './seals.js';

/** A log to move, by its address: `esdb://…`, `postgres://…` of the ledger's own database, or `database` for that. */
export interface Move {
  readonly from: string;
  readonly to: string;
  readonly by: string;
  /** How long a closed EventStoreDB is left alone: every process looks at its log every five seconds. Default 15,000. */
  readonly quietMs?: number | undefined;
  readonly onProgress?: MoveOptions['onProgress'];
}

const DEADLINE_MS = 30_000;
const QUIET_MS = 15_000;

/** Opens both logs and the database, and looks whether the one can be moved to where the other is. @throws CannotMove */
export async function openMove(base: Base, move: Move): Promise<MoveOptions> {
  const { from, to } = move;
  if (isPostgres(from) === isPostgres(to) && isPostgres(from))
    throw new CannotMove('both are in PostgreSQL: the log of a ledger is in its own database');
  const config = withDatabaseOf(base.config, [from, to]);
  const masterKey = await readMasterKey(config);
  const database = await openDatabase({ ...base, config });
  await verifyMasterKey(database.pool, createKeyring(masterKey));
  const seals = await openSeals(database, masterKey);
  const opening = { ...base, config, database, seals };
  const source = await openLog(opening, from, 'source');
  const target = await openLog(opening, to, 'target');
  const { ledgerId, generation, done } = await assertMovable(database, source, target);
  if (target.kind === 'postgres' && !done) await makeRoom(database, source, target);
  return {
    ...{ ledgerId, generation, done, pool: database.pool, seals },
    ...{ timezone: config.timezone, newId: randomUUID },
    ...{ by: move.by, noteLog, onProgress: move.onProgress ?? (() => undefined) },
    source: { ...source, ...closingOf(source, opening, move.quietMs ?? QUIET_MS) },
    target: { ...target, writer: await openWriter(base, target, to) },
  };
}

const isPostgres = (url: string): boolean => url === 'database' || /^postgres(ql)?:\/\//.test(url);

/** @throws CannotMove */
function withDatabaseOf(config: Base['config'], urls: readonly string[]): Base['config'] {
  const given = urls.find((url) => isPostgres(url) && url !== 'database');
  if (given === undefined || given === config.databaseUrl) return config;
  if (config.databaseUrl === undefined) return { ...config, databaseUrl: given };
  throw new CannotMove("DATABASE_URL is another database than the one given: a ledger's log is in its own");
}

/** The ledger's database, and what all of its log is sealed by. */
interface Sealed {
  readonly database: Database;
  readonly seals: Seals;
}

async function openLog(
  { log, shutdown, database, seals }: Base & Sealed,
  url: string,
  as: 'source' | 'target',
): Promise<MovedLog> {
  if (isPostgres(url)) {
    const store = createPostgresEventStore({
      seals,
      connectionString: database.url,
      applicationName: 'counterfoil move',
      requestTimeoutMs: DEADLINE_MS,
    });
    shutdown.add('event store', () => store.close());
    return { kind: 'postgres', place: "the ledger's database", store };
  }
  const { createEventStoreDb } = await import('../eventstore/eventstoredb/event-store-db.js');
  const store = createEventStoreDb({ connectionString: url, deadlineMs: DEADLINE_MS, log, seals });
  shutdown.add('event store', () => store.close());
  const { copied, copyEnd } = await readLogHistory(store);
  // A copy that is not whole is believed by who makes it.
  const believed = as === 'target' && !copied ? LAST_POSITION : copyEnd;
  return {
    kind: 'eventstoredb',
    place: withoutSecrets(url),
    store: withOriginalTimes(store, () => believed),
  };
}

const LAST_POSITION = 2n ** 63n - 1n;

/** Hosts and nothing else. */
const withoutSecrets = (url: string): string => url.replace(/\/\/[^@/?]*@/, '//').replace(/\/?\?.*$/, '');

/** @throws CannotMove */
async function assertMovable(
  { pool }: Database,
  source: MovedLog,
  target: MovedLog,
): Promise<Pick<MoveOptions, 'ledgerId' | 'generation' | 'done'>> {
  const instance = await readInstance(pool);
  const { ledgerId, logKind } = instance;
  const { state } = await load(source.store, ledgerStream, ledgerDecider);
  if (state?.ledgerId !== ledgerId) {
    const found = state ? `that of ledger ${state.ledgerId}` : 'one that does not say whose it is';
    throw new CannotMove(`expected the log of ledger ${ledgerId} to move; found ${found}`);
  }
  const from = await readLogHistory(source.store);
  const to = await readLogHistory(target.store);
  const done = to.copied !== undefined && from.closed?.copy_id === to.copied.copy_id;
  if (from.begun && !from.copied) throw new CannotMove('the log to move is itself a copy that is not whole');
  const moved = done && instance.generation >= (to.copied?.generation ?? 0) && logKind === target.kind;
  if (logKind !== undefined && logKind !== source.kind && !moved)
    throw new CannotMove(
      `the log of ledger ${ledgerId} is kept in ${placeOf[logKind]}: that is the one to move`,
    );
  const generation = Math.max(instance.generation, state.generation, from.copied?.generation ?? 0);
  return { ledgerId, generation, done: moved };
}

/** A log comes back to where it was before: the former one, all of which the source has, is set aside. */
async function makeRoom({ ownerUrl }: Database, source: MovedLog, target: MovedLog): Promise<void> {
  const { closed, begun } = await readLogHistory(target.store);
  const { copied } = await readLogHistory(source.store);
  if (!closed || copied?.copy_id !== closed.copy_id) {
    if (begun || (await target.store.head()) < 0n) return;
    throw new CannotMove("the log in the ledger's database has events: a log is copied into an empty one");
  }
  const owner = createPool({ connectionString: ownerUrl, max: 1, applicationName: 'counterfoil move' });
  try {
    await setLogAside(owner, `events_${closed.copy_id.replaceAll('-', '_')}`);
  } finally {
    await owner.end();
  }
}

function closingOf(
  { kind, store }: MovedLog,
  { database: { pool }, seals }: Sealed,
  quietMs: number,
): Pick<MoveOptions['source'], 'close' | 'untilQuiet'> {
  if (kind === 'postgres')
    return {
      close: (write, because) => closeLog({ pool, seals }, write, because),
      untilQuiet: () => Promise.resolve(),
    };
  // No server-side lock there: whoever has seen the closing event appends no more.
  return { close: (write) => store.append([write]), untilQuiet: () => sleep(quietMs) };
}

async function openWriter({ shutdown }: Base, { kind, store }: MovedLog, url: string): Promise<LogWriter> {
  const writer = kind === 'postgres' ? writerByFilling(store) : await openOrderedWriter(url);
  shutdown.add('log writer', () => writer.close());
  return writer;
}
