import { decodeEvent, type EventOf, type EventType } from '../../../src/domain/events/catalogue.js';
import { BEFORE_FIRST, type EventStore } from '../../../src/eventstore/event-store.js';

/** All events of a type in the log, in order. */
export async function eventsOfType<Type extends EventType>(
  store: EventStore,
  wanted: Type,
): Promise<EventOf<Type>['data'][]> {
  const found: EventOf<Type>['data'][] = [];
  for (let after = BEFORE_FIRST; ;) {
    const page = await store.readAll({ after, limit: 1_000 });
    for (const { type, data } of page.events) {
      if (type === wanted) found.push(decodeEvent(type, data).data as EventOf<Type>['data']);
    }
    if (page.atEnd) return found;
    after = page.position;
  }
}
