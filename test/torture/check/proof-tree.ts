import { createHash, createHmac, hkdfSync } from 'node:crypto';
import type { Cluster } from '../cluster/cluster.js';
import { readEverything, withEventStore } from '../cluster/event-store-client.js';
import type { PostgresServer } from '../cluster/postgres.js';
import { isForeign } from './raw-log.js';

/** An event as a log keeps it, to the byte. */
export interface StoredEvent {
  readonly stream: string;
  readonly revision: bigint;
  readonly id: string;
  /** With its version. */
  readonly type: string;
  readonly data: string;
  readonly metadata: string;
  /** ISO 8601. */
  readonly recordedAt: string;
}

/** What has an entry in the tree: all but what others wrote, and what the log says of itself among logs. */
const hasEntry = ({ stream }: Pick<StoredEvent, 'stream'>): boolean => !isForeign(stream) && stream !== 'log';

/** Of the log of a cluster, wherever that is. */
export async function readStored({
  eventStore,
  database,
  options,
}: Pick<Cluster, 'eventStore' | 'database' | 'options'>): Promise<readonly StoredEvent[]> {
  if (!eventStore) return storedIn(options.postgres, database);
  const seen = await withEventStore(eventStore.url, readEverything);
  return seen.filter(hasEntry).map(({ data, metadata, recordedAtMs, ...event }) =>
    asAppended({
      ...event,
      data: JSON.stringify(data),
      metadata: JSON.stringify(metadata),
      recordedAt: new Date(recordedAtMs).toISOString(),
    }),
  );
}

export async function storedIn(
  postgres: Pick<PostgresServer, 'query'>,
  database: string,
): Promise<readonly StoredEvent[]> {
  const rows = await postgres.query(
    database,
    `SELECT stream, revision::text, id::text, type, data::text, metadata::text, to_json(recorded_at) #>> '{}' AS recorded_at
     FROM events ORDER BY position`,
  );
  const found = rows as unknown as readonly (Record<keyof StoredEvent, string> & { recorded_at: string })[];
  return found
    .filter(hasEntry)
    .map(({ recorded_at: at, ...row }) =>
      asAppended({ ...row, revision: BigInt(row.revision), recordedAt: new Date(at).toISOString() }),
    );
}

/** Without what a copy of the log added. */
function asAppended(event: StoredEvent): StoredEvent {
  const { copied, ...own } = JSON.parse(event.metadata) as { readonly copied?: { readonly at: string } };
  return copied ? { ...event, metadata: JSON.stringify(own), recordedAt: copied.at } : event;
}

const sha256 = (...parts: readonly (string | Buffer)[]): Buffer =>
  parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest();
const keyOf = (key: Buffer, use: string): Buffer =>
  Buffer.from(hkdfSync('sha256', key, '', `counterfoil ${use}`, 32));
const hmac = (key: Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();

/** RFC 6962's tree hash of these events, by ADR 0035 and without a line of the service's. */
export function rootOf(events: readonly StoredEvent[], masterKey: Buffer): Buffer {
  const key = keyOf(masterKey, 'transparency');
  const [salts, slots] = [keyOf(key, 'transparency-salt'), keyOf(key, 'transparency-slot')];
  const leaves = events.map(({ stream, revision, id, type, data, metadata, recordedAt }) => {
    const head = `counterfoil-event/v1\n${stream}\n${revision}\n${id}\n${type}\n${Buffer.byteLength(data)}\n`;
    const commitment = sha256(hmac(salts, id), head, data, metadata).toString('base64');
    const slot = hmac(slots, `${stream}\n${revision}`).toString('base64');
    return sha256(Buffer.of(0), `counterfoil-entry/v1\n${slot}\n${type}\n${recordedAt}\n${commitment}\n`);
  });
  const over = (from: number, to: number): Buffer => {
    if (to - from === 1) return leaves[from] as Buffer;
    let left = 1;
    while (left * 2 < to - from) left *= 2;
    return sha256(Buffer.of(1), over(from, from + left), over(from + left, to));
  };
  return leaves.length === 0 ? sha256('') : over(0, leaves.length);
}
