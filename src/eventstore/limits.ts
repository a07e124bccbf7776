import { MAX_APPEND_BYTES, MAX_EVENTS_PER_APPEND, type StreamWrite } from './event-store.js';

/** Bytes that an event costs beside its own text: id, type, content type and framing of the widest adapter. */
const OVERHEAD_BYTES = 200;

/**
 * Refuses an append that no adapter may send: no write, a write without events, more than MAX_EVENTS_PER_APPEND events
 * or more than MAX_APPEND_BYTES of JSON text over all writes.
 *
 * @throws RangeError before anything is stored
 */
export function assertWithinLimits(writes: readonly StreamWrite[]): void {
  if (writes.length === 0) throw new RangeError('an append needs at least one write');
  let events = 0;
  let bytes = 0;
  for (const write of writes) {
    if (write.events.length === 0) throw new RangeError(`the write to ${write.stream} has no events`);
    events += write.events.length;
    if (events > MAX_EVENTS_PER_APPEND) {
      throw new RangeError(`an append carries at most ${MAX_EVENTS_PER_APPEND} events`);
    }
    for (const event of write.events) {
      bytes += OVERHEAD_BYTES + Buffer.byteLength(JSON.stringify([event.data, event.metadata]));
    }
  }
  if (bytes > MAX_APPEND_BYTES) {
    throw new RangeError(`an append carries at most ${MAX_APPEND_BYTES} bytes, this one has ${bytes}`);
  }
}

/** @throws RangeError unless the limit of a read is a positive integer */
export function assertReadLimit(limit: number): void {
  if (!Number.isSafeInteger(limit) || limit < 1)
    throw new RangeError('the limit of a read is a positive integer');
}
