import { type EventData, MAX_APPEND_BYTES, MAX_EVENTS_PER_APPEND, type StreamWrite } from './event-store.js';
import type { Seals } from './seals.js';

/** Bytes that an event costs beside its own text: id, type, content type and framing of the widest adapter. */
const OVERHEAD_BYTES = 200;

/** What an event says, as JSON text. */
export interface EventText {
  readonly data: string;
  readonly metadata: string;
}

/**
 * Refuses an append that no adapter may send: no write, a write without events, more than MAX_EVENTS_PER_APPEND events
 * or more than MAX_APPEND_BYTES of JSON text over all writes.
 *
 * @param seals the texts come sealed
 * @returns the texts, which had to be made to be measured; in order, of all writes
 * @throws RangeError before anything is stored
 */
export function textsWithinLimits(writes: readonly StreamWrite[], seals?: Seals): readonly EventText[] {
  if (writes.length === 0) throw new RangeError('an append needs at least one write');
  const texts: EventText[] = [];
  let events = 0;
  let bytes = 0;
  for (const write of writes) {
    if (write.events.length === 0) throw new RangeError(`the write to ${write.stream} has no events`);
    events += write.events.length;
    if (events > MAX_EVENTS_PER_APPEND) {
      throw new RangeError(`an append carries at most ${MAX_EVENTS_PER_APPEND} events`);
    }
    let revision = write.expected === 'no-stream' ? -1n : write.expected;
    for (const event of write.events) {
      revision += 1n;
      const text = textOf(event);
      const dataBytes = Buffer.byteLength(text.data);
      bytes += OVERHEAD_BYTES + dataBytes + Buffer.byteLength(text.metadata);
      if (!seals) texts.push(text);
      else {
        const { id, type } = event;
        const [stream, dataText, metadataText] = [write.stream, text.data, text.metadata];
        const metadata = seals.sealed({ stream, revision, id, type, dataText, metadataText }, dataBytes);
        // A seal is ASCII: its characters are its bytes.
        bytes += metadata.length - text.metadata.length;
        texts.push({ data: text.data, metadata });
      }
    }
  }
  if (bytes > MAX_APPEND_BYTES) {
    throw new RangeError(`an append carries at most ${MAX_APPEND_BYTES} bytes, this one has ${bytes}`);
  }
  return texts;
}

/** @returns what each of the events says, in order */
export const textsOf = (events: readonly EventData[]): readonly EventText[] => events.map(textOf);

const textOf = ({ data, metadata }: EventData): EventText => ({
  data: JSON.stringify(data),
  metadata: JSON.stringify(metadata),
});

/** @throws RangeError unless the limit of a read is a positive integer */
export function assertReadLimit(limit: number): void {
  if (!Number.isSafeInteger(limit) || limit < 1)
    throw new RangeError('the limit of a read is a positive integer');
}
