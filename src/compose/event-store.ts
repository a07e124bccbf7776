import type { LogGuard } from '../commands/ledger/log-guard.js';
import { isOwnStream, OWN_PREFIXES, OWN_STREAMS } from '../domain/streams.js';
import type { EventStore } from '../eventstore/event-store.js';
import { guardedEventStore } from '../eventstore/guarded-event-store.js';
import type { OwnEvents } from '../eventstore/sieve.js';
import type { Admission } from '../eventstore/log-trust.js';
import type { LogWriter } from '../eventstore/log-writer.js';
import type { Seals } from '../eventstore/seals.js';
import { withOriginalTimes } from '../eventstore/original-times.js';
import { createPostgresEventStore } from '../eventstore/postgres/postgres-event-store.js';
import type { Database } from './database.js';
import type { Base } from './base.js';

const DEADLINE_MS = 5_000;

/** EventStoreDB where EVENTSTORE_URL names one, else the log in PostgreSQL; no connection of it is used that the guard has not admitted. */
export async function openEventStore(
  base: Base & {
    readonly database: Database;
    readonly guard: LogGuard;
    readonly seals: Seals;
    /** Told of events of others that were met in the log. */
    readonly onForeign?: OwnEvents['onForeign'];
  },
): Promise<EventStore> {
  const { guard, onForeign, shutdown } = base;
  const store = await openAnyLog(base, (connection) => guard.admit(connection));
  guard.watch(store);
  shutdown.add('look at the log', () => guard.stop());
  return guardedEventStore(
    base.config.eventStoreUrl ? withOriginalTimes(store, () => guard.ledger?.copyEnd) : store,
    guard,
    { isOurs: isOwnStream, onForeign },
  );
}

/** The log that is there, whatever it is: for who accepts one. All that is appended to it is sealed. */
export async function openAnyLog(
  base: Base & { readonly database: Database; readonly seals: Seals },
  admit?: Admission,
): Promise<EventStore> {
  const { config, database, shutdown, name, seals } = base;
  const store = config.eventStoreUrl
    ? await connectEventStoreDb(base, config.eventStoreUrl, admit)
    : createPostgresEventStore({
        ...(admit && { admit }),
        seals,
        connectionString: database.url,
        applicationName: `counterfoil ${name ?? config.role}`,
        requestTimeoutMs: DEADLINE_MS,
      });
  shutdown.add('event store', () => store.close());
  return store;
}

/** For who writes all of a log to EventStoreDB, in its order and sealed already. */
export async function openOrderedWriter(connectionString: string): Promise<LogWriter> {
  const { createOrderedWriter } = await import('../eventstore/eventstoredb/ordered-writer.js');
  return createOrderedWriter(connectionString);
}

/** Its client is loaded only where there is such a server: it takes longer to load than all the rest of a command. */
async function connectEventStoreDb(
  { log, seals }: Base & { readonly seals: Seals },
  connectionString: string,
  admit: Admission | undefined,
): Promise<EventStore> {
  const { createEventStoreDb } = await import('../eventstore/eventstoredb/event-store-db.js');
  return createEventStoreDb({
    ...(admit && { admit }),
    seals,
    connectionString,
    deadlineMs: DEADLINE_MS,
    ours: { isOurs: isOwnStream, prefixes: [...OWN_PREFIXES, ...OWN_STREAMS] },
    log,
  });
}
