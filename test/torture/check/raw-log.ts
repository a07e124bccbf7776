import pg from 'pg';
import { createPersonKeyVault } from '../../../src/stores/person-keys.js';
import { createKeyring } from '../../../src/support/keyring.js';
import { opened } from '../../../src/support/opened.js';
import type { Cluster } from '../cluster/cluster.js';
import { readEventFile } from '../cluster/event-store-file.js';

/** An event as it is stored, without any of the service's own code in between. */
export interface RawEvent {
  readonly position: bigint;
  readonly stream: string;
  readonly revision: bigint;
  readonly id: string;
  /** Without its version: `payment-credited`. */
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly recordedAtMs: number;
}

/** The whole log, from the event store's own file or table. What people wrote is sealed in it, and opened here with the keys of the service. */
export async function readRawLog(cluster: Cluster): Promise<readonly RawEvent[]> {
  const { DATABASE_URL: connectionString, MASTER_KEY = '' } = cluster.environment;
  const pool = new pg.Pool({ connectionString, max: 1 });
  try {
    const { openTexts } = createPersonKeyVault(pool, createKeyring(Buffer.from(MASTER_KEY, 'base64')));
    return await opened(openTexts, await readAsStored(cluster));
  } finally {
    await pool.end();
  }
}

async function readAsStored(cluster: Cluster): Promise<readonly RawEvent[]> {
  const { eventStore, database, options } = cluster;
  if (eventStore) {
    return readEventFile(eventStore.file)
      .filter(({ stream }) => !stream.startsWith('$'))
      .map(({ position, stream, revision, id, type, data, createdAtMs }) => ({
        position,
        stream,
        revision,
        id,
        type: baseOf(type),
        data: JSON.parse(Buffer.from(data).toString()) as RawEvent['data'],
        recordedAtMs: createdAtMs,
      }));
  }
  const rows = await options.postgres.query(
    database,
    `SELECT position, stream, revision, id, type, data, extract(epoch FROM recorded_at) * 1000 AS recorded_at_ms
     FROM events ORDER BY position`,
  );
  return rows.map((row) => ({
    position: BigInt(row.position as string),
    stream: row.stream as string,
    revision: BigInt(row.revision as string),
    id: row.id as string,
    type: baseOf(row.type as string),
    data: row.data as RawEvent['data'],
    recordedAtMs: Number(row.recorded_at_ms),
  }));
}

export const baseOf = (type: string): string => type.replace(/\.v\d+$/, '');

/** A text field, or '' where it is absent. */
export const text = ({ data }: Pick<RawEvent, 'data'>, field: string): string => {
  const value = data[field];
  return typeof value === 'string' ? value : '';
};

/** Quota is stored as decimal text. */
export const quota = (event: Pick<RawEvent, 'data'>, field: string): bigint =>
  BigInt(text(event, field) || '0');
