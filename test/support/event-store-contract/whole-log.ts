import { describe, expect, it } from '@jest/globals';
import { BEFORE_FIRST, type EventStore, type RecordedEvent } from '../../../src/eventstore/event-store.js';
import { toJson } from '../../../src/support/json-text.js';
import { appended, event, events, newStream, type Under } from './setup.js';

/** Everything after a position, page by page, with what every page must obey. */
async function readOn(store: EventStore, after: bigint, limit: number): Promise<RecordedEvent[]> {
  const seen: RecordedEvent[] = [];
  let position = after;
  for (let pages = 0; pages < 10_000; pages++) {
    const page = await store.readAll({ after: position, limit });
    expect(page.events.length).toBeLessThanOrEqual(limit);
    for (const { position: at } of page.events) {
      expect(at).toBeGreaterThan(position);
      position = at;
    }
    expect(page.position).toBeGreaterThanOrEqual(position);
    position = page.position;
    seen.push(...page.events);
    if (page.atEnd) return seen;
  }
  throw new Error('the log has no end');
}

/** A stream travels without texts where that is cheaper, and parts may be made when they are asked for: one by one, never by a spread. */
const withoutTexts = (recorded: RecordedEvent) => {
  const { id, type, data, metadata, stream, revision, position, recordedAt } = recorded;
  return { id, type, data, metadata, stream, revision, position, recordedAt };
};

const withTexts = (recorded: RecordedEvent) => {
  const { dataText, metadataText } = recorded;
  return { ...withoutTexts(recorded), dataText, metadataText };
};

export function describeWholeLog(under: Under): void {
  describe('readAll', () => {
    it.each([1, 2, 7, 1000])('reads the appends of all streams in order, in pages of %p', async (limit) => {
      const after = await under.store.head();
      const [one, two] = [newStream(), newStream()];
      const written = [events(2), events(3), events(1)] as const;
      await appended(under.store, one, 'no-stream', written[0]);
      await appended(under.store, two, 'no-stream', written[1]);
      await appended(under.store, one, 1n, written[2]);

      const seen = (await readOn(under.store, after, limit)).filter(
        ({ stream }) => stream === one || stream === two,
      );

      expect(seen.map(({ id }) => id)).toEqual(written.flat().map(({ id }) => id));
      for (const seenEvent of seen) {
        const [alone] = await under.store.readStream(seenEvent.stream, {
          from: seenEvent.revision,
          limit: 1,
        });
        expect(alone && withoutTexts(alone)).toEqual(withoutTexts(seenEvent));
      }
    });

    it('gives events that are written down as JSON with all their parts', async () => {
      const after = await under.store.head();
      const stream = newStream();
      await appended(under.store, stream, 'no-stream', events(1));

      for (const seen of [
        ...(await under.store.readAll({ after, limit: 1000 })).events,
        ...(await under.store.readStream(stream, { from: 0n, limit: 1 })),
      ])
        expect(JSON.parse(toJson(seen))).toMatchObject(JSON.parse(toJson(withoutTexts(seen))) as object);
    });

    it('excludes the position it starts after', async () => {
      const stream = newStream();
      const first = await appended(under.store, stream, 'no-stream', events(1));
      const second = await appended(under.store, stream, 0n, events(1));

      const page = await under.store.readAll({ after: first.position, limit: 1000 });

      const mine = page.events.filter((found) => found.stream === stream);
      expect(mine.map(({ position }) => position)).toEqual([second.position]);
    });

    it('hands the events over one by one and keeps none when it is asked to', async () => {
      const after = await under.store.head();
      await appended(under.store, newStream(), 'no-stream', events(3));
      const { events: kept, position } = await under.store.readAll({ after, limit: 1000 });

      const told: unknown[] = [];
      const page = await under.store.readAll({
        after,
        limit: 1000,
        onEvent: (event) => {
          const { data, metadata, dataText, metadataText } = event;
          told.push(withTexts(event));
          const texts = [dataText ?? JSON.stringify(data), metadataText ?? JSON.stringify(metadata)];
          expect(texts.map((text) => JSON.parse(text) as unknown)).toEqual([data, metadata]);
        },
      });

      expect(page).toMatchObject({ events: [], position });
      // The texts too: by them it is seen what stands there, to the byte, however it is read.
      expect(told).toEqual(kept.map(withTexts));
    });

    it.each([1, 2, 7, 1000])(
      'goes past nothing but what the reader has no use for, in pages of %p',
      async (limit) => {
        const after = await under.store.head();
        const mixed = Array.from({ length: 12 }, (_, index) => ({
          ...event({ index }),
          type: index % 5 === 1 ? 'contract-wanted.v1' : 'contract-unwanted.v2',
        }));
        const { position: end } = await appended(under.store, newStream(), 'no-stream', mixed);
        const without = ['contract-unwanted.v1', 'contract-unwanted.v2'];

        const told: RecordedEvent[] = [];
        for (let at = after, atEnd = false; !atEnd;) {
          const before = told.length;
          const page = await under.store.readAll({
            after: at,
            limit,
            without,
            onEvent: ({ id, type, position }) => told.push({ id, type, position } as RecordedEvent),
          });
          expect(page.position).toBeGreaterThanOrEqual(at);
          for (const { position } of told.slice(before)) expect(position).toBeLessThanOrEqual(page.position);
          at = page.position;
          atEnd = page.atEnd;
        }

        const wanted = mixed.filter(({ type }) => type === 'contract-wanted.v1');
        expect(told.filter(({ type }) => type === 'contract-wanted.v1').map(({ id }) => id)).toEqual(
          wanted.map(({ id }) => id),
        );
        expect(told.some(({ position }) => position === end)).toBe(true);
      },
    );

    it('says where it stands when nothing is left', async () => {
      const { position } = await appended(under.store, newStream(), 'no-stream', events(1));
      const after = (await readOn(under.store, position, 100)).at(-1)?.position ?? position;

      const page = await under.store.readAll({ after, limit: 10 });

      expect(page.position).toBeGreaterThanOrEqual(after);
      if (page.events.length === 0) expect(page.atEnd).toBe(true);
    });

    it('starts before the first event', async () => {
      await appended(under.store, newStream(), 'no-stream', events(1));

      const page = await under.store.readAll({ after: BEFORE_FIRST, limit: 5 });

      expect(page.position).toBeGreaterThanOrEqual(0n);
      const positions = page.events.map(({ position }) => position);
      expect(positions).toEqual([...positions].sort((a, b) => (a < b ? -1 : 1)));
    });

    it('shows every event once to a reader who follows concurrent writers', async () => {
      let after = await under.store.head();
      const streams = Array.from({ length: 8 }, () => newStream());
      let writing = true;
      const writers = Promise.all(
        streams.map(async (stream) => {
          for (let turn = 0; turn < 10; turn++) {
            await appended(under.store, stream, turn === 0 ? 'no-stream' : BigInt(turn - 1), [
              event({ turn }),
            ]);
          }
        }),
      ).finally(() => (writing = false));

      const seen: RecordedEvent[] = [];
      for (;;) {
        const last = !writing;
        const found = await readOn(under.store, after, 9);
        seen.push(...found);
        after = found.at(-1)?.position ?? after;
        if (last) break;
      }
      await writers;

      for (const stream of streams) {
        const revisions = seen.filter((found) => found.stream === stream).map(({ revision }) => revision);
        expect(revisions).toEqual(Array.from({ length: 10 }, (_, index) => BigInt(index)));
      }
    });
  });

  describe('head', () => {
    it('is the last event, for every client', async () => {
      const { position } = await appended(under.store, newStream(), 'no-stream', events(3));
      const other = await under.another();

      const heads = [await under.store.head(), await other.head()];
      await other.close();

      // On a shared server somebody else may have written since.
      for (const head of heads) expect(head).toBeGreaterThanOrEqual(position);
      const since = await readOn(under.store, position, 1000);
      expect(heads[0] === position || since.some((found) => found.position === heads[0])).toBe(true);
    });
  });
}
