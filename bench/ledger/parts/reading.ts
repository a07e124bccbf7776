import { randomUUID } from 'node:crypto';
import type { EventStore } from '../../../src/eventstore/event-store.js';
import { createOrderedWriter } from '../../../src/eventstore/eventstoredb/ordered-writer.js';
import { timed, type Subject } from '../contest.js';

const EVENTS_A_PAGE = 2_000;

/** Where a history begins in a log, and how many events it has. */
export interface History {
  readonly after: bigint;
  readonly events: number;
}

/** Copies a log into EventStoreDB, each stream under a name that is new there: a server may have been measured before. */
export async function copyOf(from: EventStore, to: EventStore, connectionString: string): Promise<History> {
  const mark = randomUUID().slice(0, 8);
  const before = await to.head();
  const writer = createOrderedWriter(connectionString);
  let copied = 0;
  for (let after = -1n, atEnd = false; !atEnd;) {
    const page = await from.readAll({ after, limit: EVENTS_A_PAGE });
    await writer.write(page.events.map((event) => ({ ...event, stream: `${event.stream}-${mark}` })));
    copied += page.events.length;
    ({ position: after, atEnd } = page);
  }
  await writer.close();
  return { after: before, events: copied };
}

/** The whole of a history, page by page: each event with what it says, or just what a projector asks for. */
export const readingSubjects = (adapter: string, store: EventStore, history: History): readonly Subject[] => [
  { name: `events read whole, ${adapter}`, turn: () => read(store, history, false) },
  { name: `events read as they come, ${adapter}`, turn: () => read(store, history, true) },
];

async function read(store: EventStore, { after: from, events }: History, asTheyCome: boolean) {
  let count = 0;
  let bytes = 0;
  const onEvent = asTheyCome
    ? ({ type, stream, dataText }: { type: string; stream: string; dataText?: string }) => {
        count += 1;
        bytes += type.length + stream.length + (dataText?.length ?? 0);
      }
    : undefined;
  const seconds = await timed(async () => {
    for (let after = from, atEnd = false; !atEnd && count < events;) {
      const page = await store.readAll({ after, limit: EVENTS_A_PAGE, onEvent });
      // An adapter may make it only when it is asked for.
      for (const { data, metadata } of page.events)
        count += typeof data === 'object' && typeof metadata === 'object' ? 1 : 0;
      ({ position: after, atEnd } = page);
    }
  });
  if (count < events) throw new Error(`${count} of ${events} events were read`);
  if (asTheyCome && bytes === 0) throw new Error('events without data were read');
  return { count, seconds };
}

/** The last event of a stream, one at a time. */
export const lastEventSubject = (
  adapter: string,
  store: EventStore,
  { after, events }: History,
): Subject => ({
  name: `last event of a stream, ${adapter}`,
  turn: async () => {
    const { events: page } = await store.readAll({ after, limit: 100 });
    const stream = page.at(-1)?.stream ?? '';
    const count = Math.min(events, 2_000);
    const seconds = await timed(async () => {
      for (let turn = 0; turn < count; turn++) {
        const [last] = await store.readStream(stream, { direction: 'backwards', limit: 1 });
        if (!last) throw new Error('a stream has no last event');
      }
    });
    return { count, seconds };
  },
});
