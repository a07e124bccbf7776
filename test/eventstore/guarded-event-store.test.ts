import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from '@jest/globals';
import { type EventStore, type RecordedEvent } from '../../src/eventstore/event-store.js';
import { guardedEventStore } from '../../src/eventstore/guarded-event-store.js';
import { createMemoryEventStore } from '../../src/eventstore/memory/memory-event-store.js';
import { readLog } from '../../src/eventstore/read-log.js';
import { type Skip, SkippedPlaces } from '../../src/eventstore/skipped-places.js';
import type { WrongLog } from '../../src/eventstore/wrong-log.js';

const isOurs = (stream: string) => stream.startsWith('ours-');
const event = (type = 'tested.v1') => ({ id: randomUUID(), type, data: {}, metadata: {} });

/** A log, and what a process that knows these places as skipped reads of it. */
function guard(store: EventStore, skips: readonly Skip[] = []) {
  const doubts: WrongLog[] = [];
  let foreign = 0;
  const guarded = guardedEventStore(
    store,
    {
      doubt: undefined,
      saw: () => undefined,
      sealFault: () => undefined,
      skipped: new SkippedPlaces(skips),
      distrust: (fault) => void doubts.push(fault),
    },
    { isOurs, onForeign: (events) => void (foreign += events) },
  );
  return { guarded, doubts, foreign: () => foreign };
}

const skipsOf = async (store: EventStore, positions: ReadonlySet<bigint>): Promise<Skip[]> =>
  (await store.readAll({ after: -1n, limit: 100 })).events
    .filter(({ position }) => positions.has(position))
    .map((event) => ({ position: event.position, event }));

async function fill(store: EventStore, streams: readonly string[]): Promise<void> {
  const last = new Map<string, bigint>();
  for (const stream of streams) {
    const expected = last.get(stream);
    const outcome = await store.append([{ stream, expected: expected ?? 'no-stream', events: [event()] }]);
    if (outcome.outcome !== 'appended') throw new Error(outcome.outcome);
    last.set(stream, (expected ?? -1n) + 1n);
  }
}

/** Page by page, by either way of reading. */
async function read(store: EventStore, eventsAPage: number, told: boolean): Promise<RecordedEvent[]> {
  const found: RecordedEvent[] = [];
  if (!told) {
    for await (const page of readLog(store, { after: -1n, eventsAPage })) found.push(...page.events);
    return found;
  }
  for (let after = -1n; ;) {
    const onEvent = (each: RecordedEvent) => void found.push(each);
    const page = await store.readAll({ after, limit: eventsAPage, onEvent });
    if (page.atEnd) return found;
    after = page.position;
  }
}

/** A store from whose table rows were deleted. */
const without = (store: EventStore, gone: ReadonlySet<bigint>): EventStore => ({
  ...store,
  positions: 'gap-free',
  append: (writes) => store.append(writes),
  head: () => store.head(),
  readStream: (stream, query) => store.readStream(stream, query),
  readAll: async ({ onEvent, ...query }) => {
    const page = await store.readAll(query);
    const events = page.events.filter(({ position }) => !gone.has(position));
    if (onEvent) events.forEach(onEvent);
    return { ...page, events: onEvent ? [] : events };
  },
});

describe('of a log that others use as well', () => {
  it('only our own events are read, whatever the pages, and nothing of ours is left out', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom('ours-1', 'ours-2', 'orders-1', 'audit'), { maxLength: 30 }),
        fc.array(fc.nat(29)),
        fc.integer({ min: 1, max: 8 }),
        fc.boolean(),
        async (streams, skips, page, told) => {
          const store = createMemoryEventStore();
          await fill(store, streams);
          const skipped = new Set(skips.map(BigInt));
          const { guarded, foreign } = guard(store, await skipsOf(store, skipped));

          const found = await read(guarded, page, told);

          const ours = streams.flatMap((stream, position) =>
            isOurs(stream) && !skipped.has(BigInt(position)) ? [BigInt(position)] : [],
          );
          expect(found.map(({ position }) => position)).toEqual(ours);
          expect(foreign()).toBe(streams.filter((stream) => !isOurs(stream)).length);
        },
      ),
    );
  });

  it('nothing of ours is appended where it would not be read', async () => {
    const { guarded } = guard(createMemoryEventStore());
    const write = { stream: 'orders-1', expected: 'no-stream' as const, events: [event()] };
    await expect(guarded.append([write])).rejects.toThrow(RangeError);
    expect(await guarded.head()).toBe(-1n);
  });

  it('a type of the server is nobody’s money, in a stream of ours either', async () => {
    const store = createMemoryEventStore();
    await store.append([{ stream: 'ours-1', expected: 'no-stream', events: [event('$strange'), event()] }]);
    const { guarded } = guard(store);
    expect(await read(guarded, 10, true)).toMatchObject([{ position: 1n }]);
  });

  it('who checks that nothing is missing sees all of it, with a mark', async () => {
    const store = createMemoryEventStore();
    await fill(store, ['ours-1', 'orders-1', 'ours-1']);
    const { guarded } = guard(store, await skipsOf(store, new Set([2n])));
    const { events } = await guarded.readAll({ after: -1n, limit: 10, withPassedOver: true });
    expect(events.map(({ passedOver }) => passedOver)).toEqual([undefined, 'foreign', 'skipped']);
    const stream = await guarded.readStream('ours-1', { limit: 10 });
    expect(stream.map(({ passedOver }) => passedOver)).toEqual([undefined, 'skipped']);
  });
});

it('an event that was skipped is skipped wherever the log is moved, and no other in its position', async () => {
  const before = createMemoryEventStore();
  await fill(before, ['orders-1', 'ours-1', 'ours-2']);
  const skips = await skipsOf(before, new Set([1n]));
  const after = createMemoryEventStore();
  for (const { stream, ...each } of (await before.readAll({ after: 0n, limit: 10 })).events)
    await after.append([{ stream, expected: 'no-stream', events: [each] }]);
  expect(await read(guard(after, skips).guarded, 10, true)).toMatchObject([
    { stream: 'ours-2', position: 1n },
  ]);
});

describe('a log from which events were taken', () => {
  it.each([true, false])('stops whoever reads there (told one by one: %p)', async (told) => {
    const store = createMemoryEventStore();
    await fill(store, ['ours-1', 'ours-2', 'ours-1', 'ours-2']);
    const { guarded, doubts } = guard(without(store, new Set([1n, 2n])));
    await expect(read(guarded, 10, told)).rejects.toMatchObject({
      reason: 'altered',
      message: expect.stringContaining('found none at position 1 and at 1 more'),
    });
    expect(doubts).toHaveLength(1);
  });

  it('is read on once a person has given the places up', async () => {
    const store = createMemoryEventStore();
    await fill(store, ['ours-1', 'ours-2', 'ours-1']);
    const gone = new Set([1n]);
    const { guarded, doubts } = guard(without(store, gone), [{ position: 1n, event: null }]);
    expect(await read(guarded, 2, true)).toMatchObject([{ position: 0n }, { position: 2n }]);
    expect(doubts).toEqual([]);
  });

  it('stops whoever meets word of it from the server, but for streams of others', async () => {
    const store = createMemoryEventStore();
    await fill(store, ['ours-1']);
    const saying = (stream: string): EventStore => ({
      ...without(store, new Set()),
      readAll: async (query) => ({
        ...(await store.readAll(query)),
        taken: [{ stream, position: 7n, how: 'it was deleted' }],
      }),
    });
    const ours = guard(saying('ours-1'));
    await expect(read(ours.guarded, 10, true)).rejects.toMatchObject({
      reason: 'altered',
      message: expect.stringContaining('it was deleted, which the log says at position 7'),
    });
    expect(await read(guard(saying('orders-1')).guarded, 10, true)).toHaveLength(1);
    expect(
      await read(guard(saying('ours-1'), [{ position: 7n, event: null }]).guarded, 10, true),
    ).toHaveLength(1);
  });
});

it('a conflict whose winner cannot be read yet is a conflict and no doubt', async () => {
  const store = createMemoryEventStore();
  await fill(store, ['ours-1']);
  let readable = false;
  const lagging: EventStore = {
    ...without(store, new Set()),
    readStream: (stream, query) => (readable ? store.readStream(stream, query) : Promise.resolve([])),
  };
  const { guarded, doubts } = guard(lagging);
  const append = () => guarded.append([{ stream: 'ours-1', expected: 'no-stream', events: [event()] }]);
  expect(await append()).toMatchObject({ outcome: 'conflict', actual: 0n });
  readable = true;
  expect(await append()).toMatchObject({ outcome: 'conflict', actual: 0n });
  expect(doubts).toEqual([]);
});
