import { BEFORE_FIRST, type EventStore, type RecordedEvent } from '../../src/eventstore/event-store.js';

/** Every event of a log, page by page. */
export async function readWholeLog(store: Pick<EventStore, 'readAll'>): Promise<readonly RecordedEvent[]> {
  const events: RecordedEvent[] = [];
  for (let after = BEFORE_FIRST; ;) {
    const page = await store.readAll({ after, limit: 500 });
    events.push(...page.events);
    if (page.atEnd) return events;
    after = page.position;
  }
}
