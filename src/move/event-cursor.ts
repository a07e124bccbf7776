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
  private ended = false;
  private readonly before: bigint | undefined;

  /**
   * @param options.before where it ends; default: at the log's end
   * @param options.given places at which nothing need stand
   */
  constructor(store: EventStore, { before, given }: CursorOptions = {}) {
    this.before = before;
    this.pages = readMoved(store, BEFORE_FIRST, given);
  }

  /** Whether `take` need not wait: to wait for each event of a page costs as much as to compare it. */
  get isReady(): boolean {
    return this.ended || this.index < this.events.length;
  }

  /** Until `take` has the next one. @throws EventStoreUnavailable, SourceNotWhole */
  async load(): Promise<void> {
    while (!this.isReady) {
      const page = await this.pages.next();
      if (page.done) this.ended = true;
      else [this.events, this.index] = [page.value.events, 0];
    }
  }

  /** The next one, which must be there; undefined at the end. */
  take(): TextEvent | undefined {
    const event = this.events[this.index];
    const isBehind = this.before !== undefined && event !== undefined && event.position >= this.before;
    if (event === undefined || isBehind) {
      this.ended = true;
      return undefined;
    }
    this.index += 1;
    return event;
  }

  /** No more is read. */
  async close(): Promise<void> {
    await this.pages.return(undefined);
  }
}
