import type { LogGuard } from '../commands/ledger/log-guard.js';
import type { EventStore } from '../eventstore/event-store.js';
import { guardedEventStore } from '../eventstore/guarded-event-store.js';
import type { Admission } from '../eventstore/log-trust.js';
import { createEventStoreDb } from '../eventstore/eventstoredb/event-store-db.js';
import { createPostgresEventStore } from '../eventstore/postgres/postgres-event-store.js';
import type { Database } from './database.js';
import type { Base } from './base.js';

const DEADLINE_MS = 5_000;

/** EventStoreDB where EVENTSTORE_URL names one, else the log in PostgreSQL; no connection of it is used that the guard has not admitted. */
export function openEventStore({
  config,
  database,
  guard,
  log,
  shutdown,
}: Base & { readonly database: Database; readonly guard: LogGuard }): EventStore {
  const admit: Admission = (connection) => guard.admit(connection);
  const store = config.eventStoreUrl
    ? createEventStoreDb({
        admit,
        connectionString: config.eventStoreUrl,
        deadlineMs: DEADLINE_MS,
        log,
      })
    : createPostgresEventStore({
        admit,
        connectionString: database.url,
        applicationName: `counterfoil ${config.role}`,
        requestTimeoutMs: DEADLINE_MS,
      });
  shutdown.add('event store', () => store.close());
  guard.watch(store);
  shutdown.add('look at the log', () => guard.stop());
  return guardedEventStore(store, guard);
}
