import pg from 'pg';
import { createPersonKeyVault } from '../../../src/stores/person-keys.js';
import { createKeyring } from '../../../src/support/keyring.js';
import { opened } from '../../../src/support/opened.js';
import type { Cluster } from '../cluster/cluster.js';
import { readEverything, type SeenEvent, withEventStore } from '../cluster/event-store-client.js';

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

/** The whole log, by the event store's own client, or from the table. What people wrote is sealed in it, and opened here with the keys of the service. */
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
    const seen = await withEventStore(eventStore.url, readEverything);
    return seen
      .filter(({ stream }) => !isForeign(stream))
      .map(({ type, metadata, ...event }) => ({
        ...event,
        type: baseOf(type),
        recordedAtMs: originalTime(metadata) ?? event.recordedAtMs,
      }));
  }
  const rows = await options.postgres.query(
    database,
    `SELECT position, stream, revision, id, type, data, extract(epoch FROM recorded_at) * 1000 AS recorded_at_ms
     FROM events ORDER BY position`,
  );
  return rows
    .filter((row) => !isForeign(row.stream as string))
    .map((row) => ({
      position: BigInt(row.position as string),
      stream: row.stream as string,
      revision: BigInt(row.revision as string),
      id: row.id as string,
      type: baseOf(row.type as string),
      data: row.data as RawEvent['data'],
      recordedAtMs: Number(row.recorded_at_ms),
    }));
}

/** Of an event that was copied from another log, when it was recorded there. */
const originalTime = ({ copied }: SeenEvent['metadata']): number | undefined =>
  copied === undefined ? undefined : Date.parse((copied as { at: string }).at);

/** External id -> account id, of all that a log has. */
export const accountsOf = (events: readonly RawEvent[]): ReadonlyMap<string, string> =>
  new Map(
    events
      .filter(({ type }) => type === 'account-registered')
      .map((event) => [text(event, 'external_user_id'), text(event, 'account_id')]),
  );

/** Of the streams that a fault writes as a neighbour would. */
export const FOREIGN = 'orders-';

/** Nobody's money here, whatever it is called. */
export const isForeign = (stream: string): boolean => stream.startsWith(FOREIGN) || stream.startsWith('$');

export const baseOf = (type: string): string => type.replace(/\.v\d+$/, '');

/** A text field, or '' where it is absent. */
export const text = ({ data }: Pick<RawEvent, 'data'>, field: string): string => {
  const value = data[field];
  return typeof value === 'string' ? value : '';
};

/** Quota is stored as decimal text. */
export const quota = (event: Pick<RawEvent, 'data'>, field: string): bigint =>
  BigInt(text(event, field) || '0');
