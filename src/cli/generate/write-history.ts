import { v5 as uuid5 } from 'uuid';
import { paymentUuidOf } from '../../commands/identifiers.js';
import { type DomainEvent, encodeEvent } from '../../domain/events/catalogue.js';
import {
  accountStream,
  paymentStream,
  priceListStream,
  tokenStream,
  usageStream,
} from '../../domain/streams.js';
import { type EventData, type EventStore, MAX_EVENTS_PER_APPEND } from '../../eventstore/event-store.js';

const ATTEMPTS = 5;
const NAMESPACE = '6f0d7bb1-7d0c-5f0e-9a55-3c1f0c2f6c05';

interface Write {
  readonly stream: string;
  readonly expected: 'no-stream' | bigint;
  readonly events: EventData[];
}

/**
 * Appends the history in its order, in appends as large as the store takes. Remembers one revision a stream, never the events.
 * @returns the number of events written
 */
export async function writeHistory(
  store: EventStore,
  history: Iterable<DomainEvent>,
  onProgress: (events: number) => void,
): Promise<number> {
  const revisions = new Map<string, bigint>();
  const months = new Map<string, string>();
  let writes: Write[] = [];
  let pending = 0;
  let written = 0;
  const flush = async () => {
    if (pending > 0) await append(store, writes);
    written += pending;
    pending = 0;
    writes = [];
    onProgress(written);
  };
  for (const event of history) {
    const stream = streamOf(event, months);
    const last = revisions.get(stream);
    const revision = (last ?? -1n) + 1n;
    revisions.set(stream, revision);
    const stored = toEventData(event, stream, revision);
    const previous = writes.at(-1);
    if (previous?.stream === stream) previous.events.push(stored);
    else writes.push({ stream, expected: last ?? 'no-stream', events: [stored] });
    pending += 1;
    if (pending === MAX_EVENTS_PER_APPEND) await flush();
  }
  await flush();
  return written;
}

function toEventData(event: DomainEvent, stream: string, revision: bigint): EventData {
  const data = encodeEvent(event);
  const metadata = { actor: 'operator:generate' };
  return { id: uuid5(`${stream}@${revision}`, NAMESPACE), type: event.type, data, metadata };
}

/** A correction stands in the month of its call. */
function streamOf(event: DomainEvent, months: Map<string, string>): string {
  const { type, data } = event;
  if (type === 'price-list-published.v1') return priceListStream;
  if ('payment_id' in data) return paymentStream(paymentUuidOf(data.payment_id));
  if ('started_at' in data) {
    const stream = usageStream(data.account_id, new Date(data.started_at));
    if (type === 'consumption-recorded.v1') months.set(data.account_id, stream);
    return stream;
  }
  if (type === 'consumption-corrected.v1') {
    const stream = months.get(data.account_id);
    if (stream === undefined) throw new Error('a correction before the first call of its account');
    return stream;
  }
  if (type === 'token-issued.v1') return tokenStream(data.token_id);
  if (type === 'account-registered.v1') return accountStream(data.account_id);
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
