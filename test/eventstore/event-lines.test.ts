import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { JsonObject, RecordedEvent } from '../../src/eventstore/event-store.js';
import { createMemoryEventStore } from '../../src/eventstore/memory/memory-event-store.js';
import { decodeEventLine, encodeEventLine, UnreadableLine } from '../../src/eventstore/ndjson/event-line.js';
import { readEventLines, readEvents } from '../../src/eventstore/ndjson/event-lines.js';
import { createPostgresEventStore } from '../../src/eventstore/postgres/postgres-event-store.js';
import { appended, event, events } from '../support/event-store-contract/setup.js';
import { createTestDatabase } from '../support/postgres.js';
import { readWholeLog } from '../support/whole-log.js';

const jsonObject = fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue({ stringUnit: 'binary' }));
const place = fc.bigInt({ min: 0n, max: 2n ** 63n - 1n });
const recorded: fc.Arbitrary<RecordedEvent> = fc.record({
  id: fc.uuid(),
  type: fc.string({ minLength: 1 }),
  stream: fc.string({ minLength: 1, unit: 'binary' }),
  revision: place,
  position: place,
  recordedAt: fc.date({ min: new Date(0), max: new Date('9999-12-31T23:59:59.999Z'), noInvalidDate: true }),
  data: jsonObject,
  metadata: jsonObject,
});

/** The bytes in pieces of so many. */
async function* pieces(text: string, size: number): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) yield await Promise.resolve(bytes.subarray(at, at + size));
}

async function collect<T>(values: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const value of values) all.push(value);
  return all;
}

describe('an event as a line', () => {
  it('is the event again, whatever is in it and wherever the bytes are cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(recorded, { minLength: 1, maxLength: 5 }),
        fc.integer({ min: 1, max: 50 }),
        async (some, size) => {
          const read = await collect(readEvents(pieces(some.map(encodeEventLine).join(''), size)));

          expect(JSON.stringify(read.map(({ data, metadata }) => ({ data, metadata })))).toBe(
            JSON.stringify(some.map(({ data, metadata }) => ({ data, metadata }))),
          );
          expect(read).toEqual(
            some.map((one) => ({ ...one, data: expect.anything(), metadata: expect.anything() })),
          );
        },
      ),
    );
  });

  it("keeps a member with the name of an object's prototype", () => {
    const data = JSON.parse(
      '{"__proto__":{"quota":"1"},"constructor":2,"a":[{"__proto__":3}]}',
    ) as JsonObject;

    const read = decodeEventLine(encodeEventLine({ ...some(), data, metadata: data }));

    expect(JSON.stringify([read.data, read.metadata])).toBe(JSON.stringify([data, data]));
  });

  it.each([
    ['data that are a list', encodeEventLine(some()).replace(/"data":\{[^}]*\}/, '"data":[]')],
    ['no metadata', encodeEventLine(some()).replace(/"metadata":\{[^}]*\}/, '"metadata":null')],
    ['no JSON', '{"position":"1",'],
    ['another member', encodeEventLine(some()).replace('{"position"', '{"note":1,"position"')],
    ['no time', encodeEventLine(some()).replace(/"recorded_at":"[^"]+"/, '"recorded_at":"yesterday"')],
    ['a position that is a number', encodeEventLine(some()).replace('"position":"7"', '"position":7')],
  ])('is not taken for one with %s', (_case, line) => {
    expect(() => decodeEventLine(line)).toThrow(UnreadableLine);
  });

  it('is not there before it is whole', async () => {
    const text = encodeEventLine(some()).trimEnd();
    await expect(collect(readEvents(pieces(text, 10)))).rejects.toThrow(UnreadableLine);
  });
});

describe('a log as lines', () => {
  it('goes from behind one place to another, both of which stay what they were when more is appended', async () => {
    const store = createMemoryEventStore();
    await appended(store, 'one', 'no-stream', events(200));
    await appended(store, 'two', 'no-stream', events(100));
    const until = await store.head();
    const lines = readEventLines(store, { after: 99n, until });
    const [first] = [await lines.next()];
    await appended(store, 'three', 'no-stream', events(10));
    const rest = await collect(lines);

    const read = [first.value, ...rest].filter((page) => page !== undefined);
    const whole = await readWholeLog(store);
    expect(read.map(({ text }) => text).join('')).toBe(whole.slice(100, 300).map(encodeEventLine).join(''));
    expect(read.reduce((sum, page) => sum + page.events, 0)).toBe(200);
    expect(read.at(-1)?.last).toMatchObject({ stream: 'two', revision: 99n, position: 299n });
  });

  it('makes the same log in another database: places, ids, times and texts', async () => {
    const [from, to] = [await createTestDatabase(), await createTestDatabase()];
    const [source, target] = [from, to].map(({ url }) => createPostgresEventStore({ connectionString: url }));
    if (!source?.fill || !target?.fill) throw new Error('this log can be filled');
    const odd = { nul: 'a\u0000b', half: '\ud800', text: 'a\\n\n\t\u2028', '\u0000': 1, big: 1e300 };
    const place = { stream: 'old', revision: 0n, recordedAt: new Date('2020-02-29T12:00:00.123Z') };
    await source.fill([{ ...event(odd, odd), ...place }]);
    await appended(source, 'one', 'no-stream', events(200));
    await appended(source, 'two', 'no-stream', events(3));

    const pages = await collect(readEventLines(source, { after: -1n, until: await source.head() }));
    const text = pages.map((page) => page.text).join('');
    const filled = await target.fill(readEvents(pieces(text, 10_000)));

    expect(filled).toBe(204);
    expect(await readWholeLog(target)).toEqual(await readWholeLog(source));
    expect((await readWholeLog(target))[0]).toMatchObject({ ...place, data: odd, metadata: odd });
    const texts = 'SELECT data::text AS data, metadata::text AS metadata FROM events ORDER BY position';
    expect((await to.pool.query(texts)).rows).toEqual((await from.pool.query(texts)).rows);
    for (const store of [source, target]) await store.close();
    for (const database of [from, to]) await database.drop();
  });

  it('leaves a log as it was when the lines end in the middle', async () => {
    const database = await createTestDatabase();
    const store = createPostgresEventStore({ connectionString: database.url });
    const text = encodeEventLine({ ...some(), position: 0n, revision: 0n }) + '{"position":"1"';

    await expect(store.fill?.(readEvents(pieces(text, 64)))).rejects.toThrow(UnreadableLine);

    expect(await store.head()).toBe(-1n);
    await store.close();
    await database.drop();
  });
});

function some(): RecordedEvent {
  const recordedAt = new Date('2026-01-02T03:04:05.678Z');
  return { ...event(), id: randomUUID(), stream: 'one', revision: 1n, position: 7n, recordedAt };
}
