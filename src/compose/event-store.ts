import type { LogGuard } from '../commands/ledger/log-guard.js';
import { isOwnStream, OWN_PREFIXES, OWN_STREAMS } from '../domain/streams.js';
import type { EventStore } from '../eventstore/event-store.js';
import { guardedEventStore } from '../eventstore/guarded-event-store.js';
import type { OwnEvents } from '../eventstore/sieve.js';
import type { Admission } from '../eventstore/log-trust.js';
import { withOriginalTimes } from '../eventstore/original-times.js';
import { createEventStoreDb } from '../eventstore/eventstoredb/event-store-db.js';
import { createPostgresEventStore } from '../eventstore/postgres/postgres-event-store.js';
import type { Database } from './database.js';
import type { Base } from './base.js';

const DEADLINE_MS = 5_000;

/** EventStoreDB where EVENTSTORE_URL names one, else the log in PostgreSQL; no connection of it is used that the guard has not admitted. */
export function openEventStore(
  base: Base & {
    readonly database: Database;
    readonly guard: LogGuard;
    /** Told of events of others that were met in the log. */
    readonly onForeign?: OwnEvents['onForeign'];
  },
): EventStore {
  const { guard, onForeign, shutdown } = base;
  const store = openAnyLog(base, (connection) => guard.admit(connection));
  guard.watch(store);
  shutdown.add('look at the log', () => guard.stop());
  return guardedEventStore(
    base.config.eventStoreUrl ? withOriginalTimes(store, () => guard.ledger?.copyEnd) : store,
    guard,
    { isOurs: isOwnStream, onForeign },
  );
}

/** The log that is there, whatever it is: for who accepts one. */
export function openAnyLog(
  { config, database, log, shutdown, name }: Base & { readonly database: Database },
  admit?: Admission,
): EventStore {
  const store = config.eventStoreUrl
    ? createEventStoreDb({
        ...(admit && { admit }),
        connectionString: config.eventStoreUrl,
        deadlineMs: DEADLINE_MS,
        ours: { isOurs: isOwnStream, prefixes: [...OWN_PREFIXES, ...OWN_STREAMS] },
        log,
      })
    : createPostgresEventStore({
        ...(admit && { admit }),
        connectionString: database.url,
        applicationName: `counterfoil ${name ?? config.role}`,
        requestTimeoutMs: DEADLINE_MS,
      });
  shutdown.add('event store', () => store.close());
  return store;
}
