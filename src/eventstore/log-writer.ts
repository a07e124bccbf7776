import { type EventStore, EventStoreUnavailable, type PlacedEvent } from './event-store.js';

/** Writes a log from its beginning, as fast as its server takes it: for what has an order, and revisions, already. */
export interface LogWriter {
  /**
   * Appends to the end of the log in exactly this order; resolves when all is stored. After a rejection some of it may be, of which the
   * log has to be asked.
   *
   * @throws EventStoreUnavailable, OutOfOrder
   */
  write(events: readonly PlacedEvent[]): Promise<void>;
  close(): Promise<void>;
}

/** The log is not what was written, in the order it was written in: it can be no copy. */
export class OutOfOrder extends Error {
  override readonly name = 'OutOfOrder';
}

/** On a store that can be filled from its end. */
export function writerByFilling(store: EventStore): LogWriter {
  if (!store.fill) throw new Error('this event store cannot be filled');
  return {
    write: async (events) => {
      try {
        await store.fill?.(events, await store.head());
      } catch (cause) {
        throw new EventStoreUnavailable('the log could not be written', { cause });
      }
    },
    close: () => Promise.resolve(),
  };
}
