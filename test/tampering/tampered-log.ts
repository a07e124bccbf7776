import type pg from 'pg';
import type { RecordedEvent } from '../../src/eventstore/event-store.js';
import { createEventStoreDb } from '../../src/eventstore/eventstoredb/event-store-db.js';
import { createPostgresEventStore } from '../../src/eventstore/postgres/postgres-event-store.js';
import type { Seals } from '../../src/eventstore/seals.js';
import { startEventStoreStandIn } from '../support/eventstoredb-stand-in/index.js';
import { StandInLog } from '../support/eventstoredb-stand-in/log.js';
import type { TestDatabase } from '../support/postgres.js';

/** `become`: what stands in the table of events is the log from then on. */
export async function openLog(
  kind: 'postgres' | 'eventstoredb',
  { url, pool, seals }: Pick<TestDatabase, 'url' | 'pool'> & { readonly seals: Seals },
) {
  if (kind === 'postgres') {
    const store = createPostgresEventStore({ connectionString: url, seals });
    return { store, become: () => Promise.resolve(), closeLog: () => store.close() };
  }
  const log = new StandInLog();
  const server = await startEventStoreStandIn({ log });
  const { connectionString } = server;
  const store = createEventStoreDb({ connectionString, deadlineMs: 5_000, seals });
  const become = async (): Promise<void> => {
    const { rows } = await pool.query<EventRow>(
      'SELECT position, stream, revision, id, type, data::text, metadata::text, recorded_at FROM events ORDER BY position',
    );
    log.become(rows.map(({ recorded_at: at, ...row }) => ({ ...storedOf(row), createdAtMs: at.getTime() })));
  };
  const closeLog = async (): Promise<void> => {
    await store.close();
    await server.close();
  };
  return { store, become, closeLog };
}

interface EventRow {
  readonly position: bigint;
  readonly stream: string;
  readonly revision: bigint;
  readonly id: string;
  readonly type: string;
  readonly data: string;
  readonly metadata: string;
  readonly recorded_at: Date;
}

const storedOf = ({ data, metadata, ...event }: Omit<EventRow, 'recorded_at'>) => ({
  ...event,
  contentType: 'application/json',
  data: Buffer.from(data),
  metadata: Buffer.from(metadata),
});

/** As they are stored, to the byte. */
export async function keepIn(table: string, pool: pg.Pool, events: readonly RecordedEvent[]): Promise<void> {
  for (const event of events) {
    const { position, stream, revision, id, type, dataText, metadataText, recordedAt } = event;
    const texts = [dataText ?? JSON.stringify(event.data), metadataText ?? JSON.stringify(event.metadata)];
    await pool.query(`INSERT INTO ${table} VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`, [
      ...[position, stream, revision, id, type, ...texts, recordedAt],
    ]);
  }
}
