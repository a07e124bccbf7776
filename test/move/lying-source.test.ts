import { createServer } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import type { EventStore, PlacedEvent, RecordedEvent } from '../../src/eventstore/event-store.js';
import { WireSession } from '../../src/eventstore/eventstoredb/wire/wire-session.js';
import { createMemoryEventStore } from '../../src/eventstore/memory/memory-event-store.js';
import { copyEvents } from '../../src/move/copy-events.js';
import { SourceNotWhole } from '../../src/move/whole-source.js';
import { anEvent, append } from '../support/events.js';

// A server that is asked for a log and answers something else.

/** Six events of one stream. */
async function trueLog(): Promise<readonly RecordedEvent[]> {
  const store = createMemoryEventStore();
  for (const owner of ['a', 'b', 'c', 'd', 'e', 'f'])
    await append(store, anEvent('claim-reserved', { owner }));
  const { events } = await store.readAll({ after: -1n, limit: 100 });
  return events.map((event, index) => ({ ...event, stream: 'claim-one', revision: BigInt(index) }));
}

/** All reads of the log answer these, whatever is asked but where to begin. */
function lying(events: readonly RecordedEvent[], positions: EventStore['positions']): EventStore {
  return {
    ...createMemoryEventStore(),
    positions,
    readStream: () => Promise.resolve([]),
    readAll: ({ after, onEvent }) => {
      const page = events.filter(({ position }) => position > after || position < 0n);
      for (const event of page) onEvent?.(event);
      return Promise.resolve({
        events: onEvent ? [] : page,
        position: events.at(-1)?.position ?? after,
        atEnd: true,
      });
    },
  };
}

async function copied(events: readonly RecordedEvent[], positions: EventStore['positions']): Promise<number> {
  const [source, target, written] = [lying(events, positions), createMemoryEventStore(), [] as PlacedEvent[]];
  const writer = {
    write: (page: readonly PlacedEvent[]) => Promise.resolve(void written.push(...page)),
    close: () => Promise.resolve(),
  };
  try {
    return (await copyEvents({ source, copyEnd: undefined, target, writer })).events;
  } catch (error) {
    expect(written).toEqual([]);
    throw error;
  }
}

const change = (events: readonly RecordedEvent[], at: number, changes: Partial<RecordedEvent>) =>
  events.map((event, index) => (index === at ? { ...event, ...changes } : event));

describe('the copy of a log', () => {
  it('is made of a whole one, with and without gaps between positions', async () => {
    const events = await trueLog();
    expect(await copied(events, 'gap-free')).toBe(6);
    const apart = events.map((event) => ({ ...event, position: event.position * 7n + 548n }));
    expect(await copied(apart, 'ascending')).toBe(6);
  });

  it.each<
    [string, EventStore['positions'], RegExp, (events: readonly RecordedEvent[]) => readonly RecordedEvent[]]
  >([
    [
      'events out of their order',
      'ascending',
      /behind position 3 stands one that says it is at position 2/,
      ([a, b, c, d, ...rest]) => [a, b, d, c, ...rest].flatMap((event) => event ?? []),
    ],
    [
      'a position a second time',
      'ascending',
      /behind position 2 stands one that says it is at position 2/,
      (events) => change(events, 3, { position: 2n }),
    ],
    [
      'a revision that is missing',
      'ascending',
      /at position 3 expected revision 2 of claim-one, found revision 3/,
      (events) => events.filter((_, index) => index !== 2),
    ],
    [
      'a revision a second time',
      'ascending',
      /at position 3 expected revision 3 of claim-one, found revision 2/,
      (events) => change(events, 3, { revision: 2n }),
    ],
    [
      'a stream that begins in its midst',
      'ascending',
      /expected revision 0 of claim-two, found revision 4/,
      (events) => change(events, 5, { stream: 'claim-two', revision: 4n }),
    ],
    [
      'an id a second time',
      'ascending',
      /at position 4 expected an id of its own/,
      (events) => change(events, 4, { id: events[1]?.id ?? '' }),
    ],
    [
      'a place at which nothing stands',
      'gap-free',
      /nothing stands at position 5/,
      (events) => change(events, 5, { position: 6n, stream: 'claim-two', revision: 0n }),
    ],
    ['a log without its beginning', 'gap-free', /nothing stands at position 0/, (events) => events.slice(1)],
    [
      'an event that nobody can have appended',
      'ascending',
      /the event at position 2 has 4\d{6} bytes or more/,
      (events) => change(events, 2, { data: { note: 'x'.repeat(4_000_000) } }),
    ],
    [
      'the same in letters of three bytes',
      'ascending',
      /the event at position 2 has 1\d{6} bytes or more/,
      (events) => change(events, 2, { data: { note: '字'.repeat(400_000) } }),
    ],
  ])('is not made of %s', async (_, positions, words, lie) => {
    const copying = copied(lie(await trueLog()), positions);
    await expect(copying).rejects.toThrow(SourceNotWhole);
    await expect(copying).rejects.toThrow(words);
  });
});

describe('a message of an event store', () => {
  it('that is announced as longer than any event is refused before it comes', async () => {
    const server = createServer().on('stream', (stream) => {
      stream.respond({ ':status': 200, 'content-type': 'application/grpc' });
      stream.write(Buffer.from([0, 0xff, 0xff, 0xff, 0xff, 1, 2, 3]));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const settings = {
      encrypted: false,
      ca: undefined,
      cert: undefined,
      key: undefined,
      headers: {},
      keepAliveMs: -1,
      keepAliveTimeoutMs: 1_000,
    };
    const signal = new AbortController().signal;
    const session = await WireSession.open(`127.0.0.1:${port}`, settings, {
      onLost: () => undefined,
      signal,
    });
    try {
      const ended = new Promise<Error | undefined>((resolve) =>
        session.call('Read', { onMessage: () => undefined, onEnd: resolve }).sendLast(Buffer.alloc(5)),
      );
      expect(String(await ended)).toMatch(/announces a message of 4294967295 bytes/);
    } finally {
      session.close();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    }
  });
});
