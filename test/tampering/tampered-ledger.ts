import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { fillReadModels } from '../../src/backup/restore/fill-read-models.js';
import { driftOf } from '../../src/books/verify/check.js';
import { Fold } from '../../src/books/verify/fold/fold.js';
import { SEALS } from '../../src/books/verify/seal-check.js';
import { SIGNED } from '../../src/books/verify/signed-check.js';
import { verifyBooks } from '../../src/books/verify/verify-books.js';
import { LogGuard } from '../../src/commands/ledger/log-guard.js';
import { withOwnEvents } from '../../src/commands/ledger/own-events.js';
import { foundLedger } from '../../src/commands/ledger/found-ledger.js';
import { assertSealed, readLedger } from '../../src/commands/ledger/recognise-log.js';
import { isOwnStream } from '../../src/domain/streams.js';
import { createMemoryEventStore } from '../../src/eventstore/memory/memory-event-store.js';
import { guardedEventStore } from '../../src/eventstore/guarded-event-store.js';
import { Seals } from '../../src/eventstore/seals.js';
import { wrongLogIn } from '../../src/eventstore/wrong-log.js';
import { allProjections } from '../../src/projections/all-projections.js';
import { readCheckpoints } from '../../src/projections/runtime/checkpoints.js';
import { rebuildAll } from '../../src/projections/runtime/rebuild.js';
import { createSealKey } from '../../src/support/seal-key.js';
import { anEvent, append } from '../support/events.js';
import { createTestDatabase } from '../support/postgres.js';
import { readWholeLog } from '../support/whole-log.js';
import type { Change, Found, Ids } from './changes.js';
import { createSigned } from './signed-log.js';
import { keepIn, openLog } from './tampered-log.js';

const PROJECTIONS = allProjections('UTC');

/** Checks that tables have no part in. */
const OF_THE_LOG: ReadonlySet<string> = new Set(
  [
    ...Object.values(new Fold({ ledger: 0n, statistics: 0n }, 'UTC').findings),
    { name: SEALS },
    { name: SIGNED },
  ].map(({ name }) => name),
);

/**
 * A sealed ledger with its tables, in one database, which can be tampered with and is made whole again. Where the log is in EventStoreDB, its table
 * is what the changes are made in, and then the log becomes what that says.
 */
export async function createTamperedLedger(kind: 'postgres' | 'eventstoredb') {
  const database = await createTestDatabase();
  const { pool } = database;
  const seals = new Seals(createSealKey(Buffer.alloc(32, 1)));
  const { store, become, closeLog } = await openLog(kind, { ...database, seals });
  const instance = { ledgerId: randomUUID(), logKind: kind, generation: 0 };
  const another = { ...instance, ledgerId: randomUUID() };
  let [isNew, isAnothers] = [true, false];

  /** A process that starts: what it would be told, and the log as it reads it. */
  function process() {
    const guard = new LogGuard({
      kind,
      readInstance: () =>
        Promise.resolve({ ...(isAnothers ? another : instance), ...(isNew && { logKind: undefined }) }),
      noteLog: () => Promise.resolve(),
      readApplied: async () => {
        const names = PROJECTIONS.map(({ name }) => name);
        return (await readCheckpoints(pool, names, 'live')).flatMap(({ lastEvent }) => lastEvent ?? []);
      },
      now: () => new Date(),
      seals,
      sealedLog: 'required',
    });
    return { guard, log: guardedEventStore(store, guard, { isOurs: isOwnStream }) };
  }

  const first = process();
  await first.guard.admit(store);
  isNew = false;
  const payment = (payment_id: string) => anEvent('payment-credited', { payment_id });
  for (const event of [
    anEvent('account-registered'),
    payment('pi_1'),
    payment('pi_2'),
    anEvent('consumption-recorded'),
    anEvent('consumption-recorded'),
    anEvent('consumption-recorded'),
    anEvent('balance-adjusted'),
    payment('pi_3'),
  ])
    await append(first.log, event);
  await fillReadModels({ store: first.log, pool, timeZone: 'UTC', now: () => new Date() });
  const signed = await createSigned(pool);
  await signed.sign(first.log);
  await signed.remember();
  if (kind === 'eventstoredb') await keepIn('events', pool, await readWholeLog(store));
  await pool.query(`UPDATE log_head SET position = (SELECT max(position) FROM events)`);
  await pool.query('CREATE TABLE true_events AS TABLE events');
  await keepLogOf(another.ledgerId, pool);
  const ids = idsOf(await readWholeLog(first.log));
  let running = first;

  /** As the CLI does, of a log that a process may use. @param ofTables whether the tables count, which say what the log does once they are made of it */
  async function verified(ofTables = true): Promise<Found> {
    const ledger = await readLedger(store, seals);
    const { skipped = [], sealings = [] } = ledger ?? {};
    const books = await verifyBooks({
      store: withOwnEvents(store, { skipped, sealings }, seals),
      pool,
      seals: { seals, sealings },
      signed: await signed.comparer(store),
    });
    const checks = books.checks.filter(({ name }) => ofTables || OF_THE_LOG.has(name));
    return driftOf({ checks }) === 0 ? 'nobody' : 'verify';
  }

  const look = async (work: () => Promise<Found>): Promise<Found> =>
    work().catch((error: unknown) => {
      if (wrongLogIn(error)) return 'stops';
      throw error;
    });

  return {
    ids,
    tamper: async ({ sql, withTables, anotherLedger }: Change): Promise<void> => {
      running = process();
      await running.guard.admit(store);
      await running.log.readAll({ after: ids.beforeLast, limit: 10 });
      await withoutTriggers(pool, sql(ids));
      await become();
      isAnothers = anotherLedger ?? false;
      if (!withTables) return;
      await rebuild();
      await signed.forget();
    },
    /** The process that was there before looks again and reads on, as all do every few seconds. */
    live: () =>
      look(async () => {
        await running.guard.admit(store);
        await running.log.readAll({ after: ids.last, limit: 100 });
        return verified();
      }),
    restarted: () =>
      look(async () => {
        const { guard, log } = process();
        await guard.admit(store);
        await log.readAll({ after: ids.last, limit: 100 });
        return verified();
      }),
    /** Who makes all tables anew of what there is, with `log accept` before where that is needed: then they say what the log does. */
    rebuilt: () =>
      look(async () => {
        const ledger = await readWhole();
        assertSealed(ledger);
        await pool.query(`UPDATE projection_checkpoints SET position = ${await store.head()}`);
        return verified(false);
      }),
    /**
     * With the last checkpoint from before, of the log that the service signs after whoever did it has thrown away what was signed; where the service
     * signs nothing more, two days later.
     */
    thirdParty: async () => {
      await signed.forget();
      const stopped = await look(async () => {
        await signed.sign((await readWhole()).log);
        return 'nobody';
      });
      if (stopped === 'stops') await signed.bringBack();
      return signed.monitored(stopped === 'stops' ? 48 : 0);
    },
    /** What is said of the log beside what an anchor remembers from before. */
    anchored: async () => signed.beside((await readWhole()).log),
    /** Of a change beside the log: what a third party sees at once, what `verify` says, and what a service does that starts. */
    beside: async (sql: string) => {
      await withoutTriggers(pool, [sql]);
      const thirdParty = await signed.seenFirst();
      const verify = await verified();
      return { thirdParty, verify, signing: await signed.signing((await readWhole()).log) };
    },
    tables: async (): Promise<readonly string[]> => {
      const { rows } = await pool.query<{ name: string }>(
        `SELECT relname AS name FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace`,
      );
      const made = /^(true|other)_/;
      return rows
        .map(({ name }) => name)
        .filter((name) => !made.test(name))
        .sort();
    },
    columns: async (tables: readonly string[]): Promise<readonly string[]> => {
      const { rows } = await pool.query<{ name: string }>(
        `SELECT attrelid::regclass || '.' || attname AS name FROM pg_attribute
         WHERE attrelid = ANY($1::regclass[]) AND attnum > 0 AND NOT attisdropped AND attname <> 'singleton'`,
        [tables],
      );
      return rows.map(({ name }) => name).sort();
    },
    mend: async (): Promise<void> => {
      isAnothers = false;
      await signed.bringBack();
      await withoutTriggers(pool, [
        ...['DELETE FROM events', 'INSERT INTO events TABLE true_events'],
        `UPDATE log_head SET position = ${ids.last}, closed_because = NULL`,
        `UPDATE projection_checkpoints SET position = ${ids.last}`,
      ]);
      await become();
    },
    close: async () => {
      await closeLog();
      await database.drop();
    },
  };

  /** As a rebuild reads it. */
  async function readWhole() {
    const ledger = await readLedger(store, seals);
    if (!ledger) throw new Error('the log says nothing of itself');
    const log = withOwnEvents(store, ledger, seals);
    await log.readAll({ after: -1n, limit: 100, onEvent: () => undefined });
    return { ...ledger, log };
  }

  async function rebuild(): Promise<void> {
    const { log } = await readWhole();
    await rebuildAll(PROJECTIONS, { pool, store: log, accept: true, compare: false });
  }
}

async function withoutTriggers(pool: pg.Pool, sql: readonly string[]): Promise<void> {
  await pool.query(['BEGIN', 'SET LOCAL session_replication_role = replica', ...sql, 'COMMIT'].join(';\n'));
}

/** The log of another ledger, sealed with another key, in a table of its own. */
async function keepLogOf(ledgerId: string, pool: pg.Pool): Promise<void> {
  const seals = new Seals(createSealKey(Buffer.alloc(32, 2)));
  const log = createMemoryEventStore({ seals });
  await foundLedger(log, { ledgerId, foundedAt: '2026-10-01T00:00:00Z', sealedWith: seals.keyId });
  await append(log, anEvent('account-registered'));
  await pool.query('CREATE TABLE other_events (LIKE events)');
  await keepIn('other_events', pool, await readWholeLog(log));
}

function idsOf(events: Awaited<ReturnType<typeof readWholeLog>>): Ids {
  const last = events.at(-1)?.position ?? 0n;
  const of = (type: string, nth: number) =>
    events.filter((event) => event.type.startsWith(type))[nth]?.position ?? -1n;
  return {
    payment: of('payment-credited', 0),
    other: of('payment-credited', 1),
    middle: of('consumption-recorded', 1),
    sealing: of('ledger-sealed', 0),
    last,
    beforeLast: events.at(-2)?.position ?? -1n,
    older: events.at(-3)?.position ?? -1n,
  };
}
