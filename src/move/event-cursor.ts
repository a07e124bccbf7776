import { BEFORE_FIRST, type EventStore } from '../eventstore/event-store.js';
import type { TextEvent } from '../eventstore/text-event.js';
import { readMoved } from './moved-events.js';

interface CursorOptions {
  readonly before?: bigint | undefined;
  readonly given?: ReadonlySet<bigint> | undefined;
}

/** The events of a log that a copy has too, one after the other. */
export class EventCursor {
  private readonly pages: ReturnType<typeof readMoved>;
  private events: readonly TextEvent[] = [];
  private index = 0;
  private readonly before: bigint | undefined;

  /**
   * @param options.before where it ends; default: at the log's end
   * @param options.given places at which nothing need stand
   */
  constructor(store: EventStore, { before, given }: CursorOptions = {}) {
    this.before = before;
    this.pages = readMoved(store, BEFORE_FIRST, given);
  }

  /** Undefined at the end. @throws EventStoreUnavailable, SourceNotWhole */
  async next(): Promise<TextEvent | undefined> {
    for (;;) {
      for (let event = this.events[this.index]; event; event = this.events[this.index]) {
        this.index += 1;
        if (this.before !== undefined && event.position >= this.before) return undefined;
        return event;
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
