import { accountStream, leaseStream, loginStream, tokenStream } from '../../domain/streams.js';
import type { EventStore, RecordedEvent } from '../../eventstore/event-store.js';
import { schemaOf } from '../../projections/runtime/projection.js';
import { AuditRefused } from './faults.js';
import { type Facts, factsOf } from './facts.js';
import type { Snapshot } from './snapshot.js';
import { findOwner } from './tables.js';

/** Whose events: of one stream, or all of a user. */
export type EventsOf = { readonly stream: string } | { readonly externalUserId: string };

/** An event as the log has it; what is sealed in it is not told. */
export interface EventView {
  readonly position: bigint;
  readonly stream: string;
  readonly revision: bigint;
  readonly event_id: string;
  readonly recorded_at: string;
  readonly type: string;
  readonly by: string;
  readonly request_id: string | null;
  readonly facts: Facts;
}

export interface EventsPage {
  /** Events before this place of the log; undefined: from the newest. */
  readonly before?: bigint | undefined;
  readonly limit: number;
}

/** The newest first. @throws AuditRefused `account_not_found`, `figure_not_found` */
export async function eventsOf(
  { tx }: Snapshot,
  store: Pick<EventStore, 'readStream'>,
  of: EventsOf,
  page: EventsPage,
): Promise<readonly EventView[]> {
  const streams = 'stream' in of ? [of.stream] : await streamsOf(tx, of.externalUserId);
  const own = await Promise.all(streams.map((stream) => newestOf(store, stream, page)));
  const moved = 'stream' in of ? [] : await movementsOf(tx, store, of.externalUserId, page);
  if ('stream' in of && page.before === undefined && own.flat().length === 0)
    throw new AuditRefused('figure_not_found', `there is no stream ${of.stream}`);
  return [...own.flat(), ...moved]
    .sort((a, b) => (a.position > b.position ? -1 : 1))
    .slice(0, page.limit)
    .map(viewOf);
}

/**
 * The oldest first, as the log has them, after a place of the log. What moved money is found by the index of the history: it stands in
 * streams of payments, of processes and of months. @throws AuditRefused `account_not_found`
 */
export async function eventsOfUser(
  { tx }: Snapshot,
  store: Pick<EventStore, 'readStream'>,
  externalUserId: string,
  { after, limit }: { readonly after: bigint; readonly limit: number },
): Promise<readonly RecordedEvent[]> {
  const streams = await streamsOf(tx, externalUserId);
  const own = await Promise.all(streams.map((stream) => newestOf(store, stream, { limit: Infinity })));
  const { account_id } = await findOwner(tx, externalUserId);
  const { rows } = await tx.query<Place>(
    `SELECT stream, revision FROM ${schemaOf('usage-log')}.log_rows
     WHERE account_id = $1 AND position > $2 ORDER BY position LIMIT $3`,
    [account_id, after, limit],
  );
  return [...own.flat().filter(({ position }) => position > after), ...(await eventsAt(store, rows))]
    .sort((a, b) => (a.position < b.position ? -1 : 1))
    .slice(0, limit);
}

/** Of the account itself, its sign-ins, its keys and leases that were given up; what moved money is found by the history. */
async function streamsOf(tx: Snapshot['tx'], externalUserId: string): Promise<readonly string[]> {
  const { account_id } = await findOwner(tx, externalUserId);
  const { rows } = await tx.query<{ token_id: bigint }>(
    `SELECT token_id FROM ${schemaOf('tokens')}.tokens WHERE account_id = $1 ORDER BY token_id`,
    [account_id],
  );
  const keys = rows.map(({ token_id }) => tokenStream(Number(token_id)));
  return [accountStream(account_id), loginStream(account_id), leaseStream(account_id), ...keys];
}

const READ_AT_ONCE = 100;

async function newestOf(
  store: Pick<EventStore, 'readStream'>,
  stream: string,
  { before, limit }: EventsPage,
): Promise<readonly RecordedEvent[]> {
  const found: RecordedEvent[] = [];
  for (let from: bigint | undefined; ;) {
    const place = from === undefined ? {} : { from };
    const events = await store.readStream(stream, { ...place, direction: 'backwards', limit: READ_AT_ONCE });
    found.push(...events.filter(({ position }) => before === undefined || position < before));
    const oldest = events.at(-1);
    if (!oldest || oldest.revision === 0n || found.length >= limit) return found.slice(0, limit);
    from = oldest.revision - 1n;
  }
}

/** Calls, payments, refunds and corrections, whose streams are of processes or months, and of payments. */
async function movementsOf(
  tx: Snapshot['tx'],
  store: Pick<EventStore, 'readStream'>,
  externalUserId: string,
  { before, limit }: EventsPage,
): Promise<readonly RecordedEvent[]> {
  const { account_id } = await findOwner(tx, externalUserId);
  const { rows } = await tx.query<Place>(
    `SELECT stream, revision FROM ${schemaOf('usage-log')}.log_rows
     WHERE account_id = $1 AND ($2::bigint IS NULL OR position < $2)
     ORDER BY recorded_at DESC, position DESC LIMIT $3`,
    [account_id, before ?? null, limit],
  );
  return eventsAt(store, rows);
}

type Place = Pick<RecordedEvent, 'stream' | 'revision'>;

async function eventsAt(
  store: Pick<EventStore, 'readStream'>,
  places: readonly Place[],
): Promise<readonly RecordedEvent[]> {
  const events = await Promise.all(
    places.map(({ stream, revision }) => store.readStream(stream, { from: revision, limit: 1 })),
  );
  return events.flat();
}

function viewOf({
  position,
  stream,
  revision,
  id,
  recordedAt,
  type,
  data,
  metadata,
}: RecordedEvent): EventView {
  const { actor, request_id } = metadata;
  const by = typeof data.by === 'string' ? data.by : typeof actor === 'string' ? actor : '';
  return {
    position,
    stream,
    revision,
    event_id: id,
    recorded_at: recordedAt.toISOString(),
    type,
    by,
    request_id: typeof request_id === 'string' ? request_id : null,
    facts: factsOf(data),
  };
}
