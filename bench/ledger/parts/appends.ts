import { randomUUID } from 'node:crypto';
import type { EventStore } from '../../../src/eventstore/event-store.js';
import { anEvent, eventData } from '../../../test/support/events.js';
import { repeatedly, type Subject, type Turn } from '../contest.js';

const CONCURRENCIES = [1, 16, 64, 256];
const charge = eventData(anEvent('consumption-recorded'));

/** Durable appends of one event each, every writer to a stream of its own. */
export const appendSubjects = (adapter: string, store: EventStore, seconds: number): readonly Subject[] =>
  CONCURRENCIES.map((writers) => ({
    name: `appends, ${adapter}, ${writers} at once`,
    turn: () => appendFor(store, writers, seconds),
  }));

async function appendFor(store: EventStore, writers: number, seconds: number): Promise<Turn> {
  const streams = Array.from({ length: writers }, () => ({ name: `usage-${randomUUID()}`, revision: -1n }));
  const free = [...streams];
  const turn = await repeatedly(writers, seconds, async () => {
    const stream = free.pop();
    if (!stream) throw new Error('more writers than streams');
    const event = { ...charge, id: randomUUID() };
    const expected = stream.revision === -1n ? 'no-stream' : stream.revision;
    const { outcome } = await store.append([{ stream: stream.name, expected, events: [event] }]);
    if (outcome !== 'appended') throw new Error(`an append was ${outcome}`);
    stream.revision += 1n;
    free.push(stream);
  });
  await assertStored(store, streams);
  return turn;
}

/** The last event of each stream is where its writer left it. */
async function assertStored(
  store: EventStore,
  streams: readonly { readonly name: string; readonly revision: bigint }[],
): Promise<void> {
  for (const { name, revision } of streams) {
    const [last] = await store.readStream(name, { direction: 'backwards', limit: 1 });
    if ((last?.revision ?? -1n) !== revision) throw new Error(`${name} does not end where it was left`);
  }
}
