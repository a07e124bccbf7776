import type { LogPage, LogQuery, RecordedEvent } from '../event-store.js';
import { isSystemEvent, kept, type WireEvent } from './wire/wire-event.js';

/** A page of fewer events says nothing of those behind it. */
const TELLING = 32;

/**
 * A page of the whole log as it comes. The server's own events are no part of it, but its position goes past them; one event more than
 * asked for says that the log goes on.
 */
export class LogPageReading {
  /** What the server says in the log, which may be of streams of ours. */
  readonly ofTheServer: RecordedEvent[] = [];
  private readonly events: RecordedEvent[] = [];
  private position: bigint;
  private found = 0;
  private others = 0;
  received = 0;

  constructor(
    private readonly query: Pick<LogQuery, 'after' | 'limit' | 'onEvent'>,
    private readonly isOurs: (stream: string) => boolean,
  ) {
    this.position = query.after;
  }

  /** Whether the log goes on, and most of this page was of others: there may be any number of theirs behind it. */
  get isMostlyOfOthers(): boolean {
    return !this.atEnd && this.found >= TELLING && 2 * this.others > this.found;
  }

  /** In the order of the log; the first may be the one at `after`, from which the server begins. */
  take(event: WireEvent): void {
    const { after, limit, onEvent } = this.query;
    this.received += 1;
    if (event.position <= after || this.found === limit) return;
    this.found += 1;
    this.position = event.position;
    if (isSystemEvent(event)) {
      this.others += 1;
      this.ofTheServer.push(kept(event));
      return;
    }
    if (!this.isOurs(event.stream)) this.others += 1;
    if (onEvent) onEvent(event);
    else this.events.push(event);
  }

  /** @param end of the log, before all of this page was asked for: where the page has what there is, nothing is left before that */
  read(end = this.position): LogPage {
    const position = this.atEnd && end > this.position ? end : this.position;
    return { events: this.events, position, atEnd: this.atEnd };
  }

  private get atEnd(): boolean {
    return this.received <= this.query.limit;
  }
}
