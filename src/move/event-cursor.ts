import type { EventStore, RecordedEvent } from '../eventstore/event-store.js';
import { readLog } from '../eventstore/read-log.js';
import { isMoved } from './moved-events.js';

/** The events of a log that a copy has too, one after the other. */
export class EventCursor {
  private readonly pages: ReturnType<typeof readLog>;
  private events: readonly RecordedEvent[] = [];
  private index = 0;

  /** @param before where it ends; default: at the log's end */
  constructor(
    store: EventStore,
    private readonly before?: bigint,
  ) {
    this.pages = readLog(store, { after: -1n });
  }

  /** Undefined at the end. @throws EventStoreUnavailable */
  async next(): Promise<RecordedEvent | undefined> {
    for (;;) {
      for (let event = this.events[this.index]; event; event = this.events[this.index]) {
        this.index += 1;
        if (this.before !== undefined && event.position >= this.before) return undefined;
        if (isMoved(event)) return event;
      }
      const page = await this.pages.next();
      if (page.done) return undefined;
      this.events = page.value.events;
      this.index = 0;
    }
  }

  /** No more is read. */
  async close(): Promise<void> {
    await this.pages.return(undefined);
  }
}
