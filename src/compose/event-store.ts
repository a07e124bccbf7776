import type { EventStore } from '../eventstore/event-store.js';
import { createEventStoreDb } from '../eventstore/eventstoredb/event-store-db.js';
import { createPostgresEventStore } from '../eventstore/postgres/postgres-event-store.js';
import type { Database } from './database.js';
import type { Base } from './base.js';

const DEADLINE_MS = 5_000;

/** EventStoreDB where EVENTSTORE_URL names one, else the log in PostgreSQL. */
export function openEventStore({
  config,
  database,
  log,
  shutdown,
}: Base & { readonly database: Database }): EventStore {
  const store = config.eventStoreUrl
    ? createEventStoreDb({
        connectionString: config.eventStoreUrl,
        deadlineMs: DEADLINE_MS,
        log,
      })
    : createPostgresEventStore({
        connectionString: database.url,
        applicationName: `counterfoil ${config.role}`,
        requestTimeoutMs: DEADLINE_MS,
      });
  shutdown.add('event store', () => store.close());
  return store;
}
