import type { LogPage, LogQuery, RecordedEvent } from '../event-store.js';
import { isSystemEvent, kept, type WireEvent } from './wire/wire-event.js';

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
  private received = 0;

  constructor(private readonly query: Pick<LogQuery, 'after' | 'limit' | 'onEvent'>) {
    this.position = query.after;
  }

  /** In the order of the log; the first may be the one at `after`, from which the server begins. */
  take(event: WireEvent): void {
    const { after, limit, onEvent } = this.query;
    this.received += 1;
    if (event.position <= after || this.found === limit) return;
    this.found += 1;
    this.position = event.position;
    if (isSystemEvent(event)) this.ofTheServer.push(kept(event));
    else if (onEvent) onEvent(event);
    else this.events.push(kept(event));
  }

  read(): LogPage {
    return { events: this.events, position: this.position, atEnd: this.received <= this.query.limit };
  }
}
