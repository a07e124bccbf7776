import { v5 as uuid5 } from 'uuid';
import { paymentUuidOf } from '../../commands/handling/identifiers.js';
import type { DomainEvent } from '../../domain/events/catalogue.js';
import { encodeEvent } from '../../domain/events/codec.js';
import {
  accountStream,
  paymentStream,
  priceListStream,
  tokenStream,
  usageStream,
} from '../../domain/streams.js';
import {
  type EventData,
  type EventStore,
  MAX_EVENTS_PER_APPEND,
  type PlacedEvent,
} from '../../eventstore/event-store.js';
import type { LogWriter } from '../../eventstore/log-writer.js';
import type { Seals } from '../../eventstore/seals.js';

const ATTEMPTS = 5;
const NAMESPACE = '6f0d7bb1-7d0c-5f0e-9a55-3c1f0c2f6c05';

interface Write {
  readonly stream: string;
  readonly expected: 'no-stream' | bigint;
  readonly events: EventData[];
}

const PROGRESS_EVERY = 256;

/**
 * Stores the history in its order: at once where the store has a way to, else in appends as large as it takes. Remembers one
 * revision a stream, never the events.
 *
 * @param seals what the log's events are sealed with
 * @returns the number of events written
 */
export async function writeHistory(
  store: EventStore,
  history: Iterable<DomainEvent>,
  onProgress: (events: number) => void,
  seals?: Seals,
): Promise<number> {
  const events = placed(history, onProgress);
  // What a log is filled with comes from another one as a rule, and is taken as it is.
  if (store.fill) return store.fill(seals ? sealed(events, seals) : events, await store.head());
  let written = 0;
  for (const writes of appends(events)) {
    await append(store, writes);
    for (const write of writes) written += write.events.length;
  }
  return written;
}

/** Events of which the writer knows at once: while they are on their way the next ones are made. */
const EVENTS_AT_ONCE = 5_000;

/**
 * As `writeHistory`, where the log has a writer of its own: many appends under way, and no more of them than the log changes from stream to
 * stream. What is stored of it when it fails stays.
 */
export async function writeInOrder(
  writer: LogWriter,
  history: Iterable<DomainEvent>,
  onProgress: (events: number) => void,
  seals?: Seals,
): Promise<number> {
  const events = placed(history, onProgress);
  let [written, next] = [0, [] as PlacedEvent[]];
  let writing = Promise.resolve();
  for (const event of seals ? sealed(events, seals) : events) {
    next.push(event);
    if (next.length < EVENTS_AT_ONCE) continue;
    await writing;
    writing = writer.write(next);
    // It is waited for above, when the next ones are made.
    writing.catch(() => undefined);
    written += next.length;
    next = [];
  }
  await writing;
  if (next.length > 0) await writer.write(next);
  return written + next.length;
}

/** The history as it is stored: each event in its stream, at its revision. */
export function* placed(
  history: Iterable<DomainEvent>,
  onProgress: (events: number) => void,
): Generator<PlacedEvent> {
  const revisions = new Map<string, bigint>();
  const months = new Map<string, string>();
  let made = 0;
  for (const event of history) {
    const stream = streamOf(event, months);
    const revision = (revisions.get(stream) ?? -1n) + 1n;
    revisions.set(stream, revision);
    yield toEventData(event, stream, revision);
    made += 1;
    if (made % PROGRESS_EVERY === 0) onProgress(made);
  }
}

function* sealed(events: Iterable<PlacedEvent>, seals: Seals): Generator<PlacedEvent> {
  for (const event of events) {
    const texts = { dataText: JSON.stringify(event.data), metadataText: JSON.stringify(event.metadata) };
    yield { ...event, ...texts, metadataText: seals.sealed({ ...event, ...texts }) };
  }
}

function* appends(events: Iterable<PlacedEvent>): Generator<readonly Write[]> {
  let writes: Write[] = [];
  let pending = 0;
  for (const { stream, revision, ...event } of events) {
    const previous = writes.at(-1);
    if (previous?.stream === stream) previous.events.push(event);
    else writes.push({ stream, expected: revision === 0n ? 'no-stream' : revision - 1n, events: [event] });
    pending += 1;
    if (pending < MAX_EVENTS_PER_APPEND) continue;
    yield writes;
    writes = [];
    pending = 0;
  }
  if (pending > 0) yield writes;
}

function toEventData(event: DomainEvent, stream: string, revision: bigint): PlacedEvent {
  const metadata = { actor: 'operator:generate' };
  const id = uuid5(`${stream}@${revision}`, NAMESPACE);
  return { id, ...encodeEvent(event), metadata, stream, revision };
}

/** A correction stands in the month of its call. */
function streamOf(event: DomainEvent, months: Map<string, string>): string {
  const { type, data } = event;
  if (type === 'price-list-published') return priceListStream;
  if ('payment_id' in data) return paymentStream(paymentUuidOf(data.payment_id));
  if ('started_at' in data) {
    const stream = usageStream(data);
    if (type === 'consumption-recorded') months.set(data.account_id, stream);
    return stream;
  }
  if (type === 'consumption-corrected') {
    const stream = months.get(data.account_id);
    if (stream === undefined) throw new Error('a correction before the first call of its account');
    return stream;
  }
  if (type === 'token-issued') return tokenStream(data.token_id);
  if (type === 'account-registered') return accountStream(data.account_id);
  throw new Error(`the generator makes no ${type}`);
}

/** What the store did not answer is repeated as it was: the same ids at the same revisions are one append. */
async function append(store: EventStore, writes: readonly Write[]): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const result = await store.append(writes);
    if (result.outcome === 'appended') return;
    if (result.outcome === 'conflict')
      throw new Error(`somebody else writes to this ledger: ${result.stream} is not where it was left`);
    if (attempt === ATTEMPTS) throw result.cause;
  }
}
