import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { EventStore, RecordedEvent } from '../../src/eventstore/event-store.js';
import { createPostgresEventStore } from '../../src/eventstore/postgres/postgres-event-store.js';
import { describeEventStore } from '../support/event-store-contract.js';
import { appended, event, events, newStream } from '../support/event-store-contract/setup.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';

describeEventStore('postgres', async () => {
  const database = await createTestDatabase();
  const open = () => createPostgresEventStore({ connectionString: database.url });
  const store = open();
  return {
    store,
    another: async () => open(),
    close: async () => {
      await store.close();
      await database.drop();
    },
  };
});

describe('postgres event store', () => {
  let database: TestDatabase;
  let store: EventStore;
  const opened: EventStore[] = [];

  const open = (connectionString = database.url, requestTimeoutMs = 10_000): EventStore => {
    const another = createPostgresEventStore({ connectionString, requestTimeoutMs });
    opened.push(another);
    return another;
  };
  beforeAll(async () => {
    database = await createTestDatabase();
    store = open();
  });
  afterAll(async () => {
    for (const each of opened) await each.close();
    await database.drop();
  });

  const wholeLog = async (): Promise<readonly RecordedEvent[]> => {
    const all: RecordedEvent[] = [];
    for (;;) {
      const page = await store.readAll({ after: all.at(-1)?.position ?? -1n, limit: 100_000 });
      all.push(...page.events);
      if (page.atEnd) return all;
    }
  };

  it('counts positions from 0 without gaps, in the order in which readers see them, with concurrent writers', async () => {
    const other = open();
    let writing = true;
    const seen: RecordedEvent[] = [];
    const reader = (async () => {
      for (let last = false; !last;) {
        last = !writing;
        const page = await store.readAll({ after: seen.at(-1)?.position ?? -1n, limit: 50 });
        seen.push(...page.events);
        if (!page.atEnd) last = false;
      }
    })();
    await Promise.all(
      Array.from({ length: 20 }, async (_, writer) => {
        const mine = writer % 2 === 0 ? store : other;
        const stream = newStream();
        await appended(mine, stream, 'no-stream', events(1));
        // Conflicts, of which some come after a write that was fine, leave no hole.
        await mine.append([
          { stream: newStream(), expected: 'no-stream', events: events(3) },
          { stream, expected: 7n, events: events(1) },
        ]);
        await appended(mine, stream, 0n, events(2));
      }),
    );
    writing = false;
    await reader;

    expect(seen).toHaveLength(60);
    expect(seen.map(({ position }) => position)).toEqual(seen.map((_, index) => BigInt(index)));
    expect(await store.head()).toBe(59n);
  });

  it('does not send what the reader has no use for, but for the last of a page', async () => {
    const after = await store.head();
    const types = ['unwanted.v1', 'wanted.v1', 'unwanted.v1', 'unwanted.v1', 'unwanted.v1'];
    await appended(
      store,
      newStream(),
      'no-stream',
      types.map((type) => ({ ...event(), type })),
    );
    const sent = async (limit: number) => {
      const { events: found, atEnd } = await store.readAll({ after, limit, without: ['unwanted.v1'] });
      return [found.map(({ position }) => Number(position - after)), atEnd];
    };
    expect(await sent(100)).toEqual([[2, 5], true]);
    expect(await sent(4)).toEqual([[2, 4], false]);
    await expect(store.readAll({ after, limit: 1, without: [`'`] })).rejects.toThrow();
  });

  it('commits calls that wait together in one transaction, each with its own outcome', async () => {
    const streams = Array.from({ length: 100 }, newStream);
    const transactions = async () => {
      const { rows } = await database.pool.query('SELECT count(DISTINCT xmin::text)::int AS n FROM events');
      return (rows[0] as { n: number }).n;
    };
    const before = await transactions();

    const outcomes = await Promise.all([
      ...streams.map((stream) => store.append([{ stream, expected: 'no-stream', events: events(1) }])),
      store.append([{ stream: newStream(), expected: 3n, events: events(1) }]),
      ...streams.map((stream) => store.append([{ stream, expected: 0n, events: events(1) }])),
    ]);

    expect(outcomes.map(({ outcome }) => outcome)).toEqual([
      ...streams.map(() => 'appended'),
      'conflict',
      ...streams.map(() => 'appended'),
    ]);
    expect((await transactions()) - before).toBeLessThanOrEqual(2);
  });

  it('follows the writes of one append to the same stream', async () => {
    const stream = newStream();
    const outcome = await store.append([
      { stream, expected: 'no-stream', events: events(2) },
      { stream, expected: 1n, events: events(1) },
    ]);
    expect(outcome).toMatchObject({ outcome: 'appended', revisions: [1n, 2n] });
  });

  it('keeps what other JSON columns trip over, beside calls of others', async () => {
    const odd = { nul: 'a\u0000b', half: '\ud800', quote: `'"\\`, '\u0000': 1, big: 1e300, small: -0.1 };
    const [stream, other] = [newStream(), newStream()];
    const [outcome, beside] = await Promise.all([
      store.append([{ stream, expected: 'no-stream', events: [event(odd, odd)] }]),
      store.append([{ stream: other, expected: 'no-stream', events: events(1) }]),
    ]);
    expect([outcome.outcome, beside.outcome]).toEqual(['appended', 'appended']);
    const [stored] = await store.readStream(stream, { limit: 1 });
    expect(stored).toMatchObject({ data: odd, metadata: odd });
  });

  it.each([
    ['an id that is no UUID', { ...event(), id: 'payment-1' }, newStream()],
    ['a type with a control character', { ...event(), type: 'a\u0000b' }, newStream()],
    ['a stream without a name', event(), ''],
    ['a stream with half a character', event(), 'a\ud800'],
  ])('refuses %s before anything is sent', async (_case, refused, stream) => {
    await expect(store.append([{ stream, expected: 'no-stream', events: [refused] }])).rejects.toThrow(
      RangeError,
    );
  });

  it('reads a stream longer than one page, in both directions', async () => {
    const stream = newStream();
    const batches = Array.from({ length: 9 }, () => events(250));
    for (const [index, batch] of batches.entries()) {
      await appended(store, stream, index === 0 ? 'no-stream' : BigInt(index * 250 - 1), batch);
    }
    const ids = batches.flat().map(({ id }) => id);
    const forwards = await store.readStream(stream, { limit: 2_100 });
    expect(forwards.map(({ id }) => id)).toEqual(ids.slice(0, 2_100));
    const backwards = await store.readStream(stream, { direction: 'backwards', limit: 5_000 });
    expect(backwards.map(({ id }) => id)).toEqual(ids.toReversed());
  });

  it('gives the whole log back as it was written', async () => {
    const all = await wholeLog();
    expect(all.map(({ position }) => position)).toEqual(all.map((_, index) => BigInt(index)));
  });
});
