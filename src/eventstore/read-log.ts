import type { EventStore, LogPage } from './event-store.js';

/** With more the events outlive the young generation, and collecting them costs a fifth of the time. */
const EVENTS_A_PAGE = 2_000;

export interface LogRange {
  /** Exclusive. */
  readonly after: bigint;
  /** Nothing is read ahead beyond it; the page that holds it may go on behind it. Default: the end of the log. */
  readonly until?: bigint;
  readonly eventsAPage?: number;
  /** As in LogQuery. */
  readonly withPassedOver?: boolean;
  readonly evenUnsealed?: boolean;
}

/**
 * The log page by page, the next page under way while the caller works on one: reading and working overlap. Ends with the page at
 * the log's end, or the one that reaches `until`.
 *
 * @throws EventStoreUnavailable
 */
export async function* readLog(store: Pick<EventStore, 'readAll'>, range: LogRange): AsyncGenerator<LogPage> {
  const { until, eventsAPage: limit = EVENTS_A_PAGE, withPassedOver, evenUnsealed } = range;
  const ask = (after: bigint): Promise<LogPage> => {
    const page = store.readAll({ after, limit, withPassedOver, evenUnsealed });
    // Who is not interested in the rest leaves this one unasked for.
    page.catch(() => undefined);
    return page;
  };
  for (let next = ask(range.after); ;) {
    const page = await next;
    if (page.atEnd || (until !== undefined && page.position >= until)) {
      yield page;
      return;
    }
    next = ask(page.position);
    yield page;
  }
}
