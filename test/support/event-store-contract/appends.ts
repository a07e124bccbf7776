import { describe, expect, it } from '@jest/globals';
import { MAX_APPEND_BYTES, MAX_EVENTS_PER_APPEND } from '../../../src/eventstore/event-store.js';
import { appended, event, events, newStream, type Under } from './setup.js';

export function describeAppends(under: Under): void {
  describe('append', () => {
    it('starts a stream and continues it at the exact revision', async () => {
      const stream = newStream();

      const first = await appended(under.store, stream, 'no-stream', events(2));
      const second = await appended(under.store, stream, 1n, events(3));

      expect(first.revisions).toEqual([1n]);
      expect(second.revisions).toEqual([4n]);
      expect(second.position).toBeGreaterThan(first.position);
    });

    it('answers the position of the last event', async () => {
      const stream = newStream();

      const outcome = await appended(under.store, stream, 'no-stream', events(5));

      const [last] = await under.store.readStream(stream, { direction: 'backwards', limit: 1 });
      expect(last?.position).toBe(outcome.position);
    });

    it.each([
      ['the stream exists already', 'no-stream' as const, 2n],
      ['the stream has moved on', 1n, 2n],
      ['the stream is not that long', 3n, 2n],
    ])('is a conflict with the actual revision when %s', async (_case, expected, actual) => {
      const stream = newStream();
      await appended(under.store, stream, 'no-stream', events(3));

      const outcome = await under.store.append([{ stream, expected, events: [event()] }]);

      expect(outcome).toEqual({ outcome: 'conflict', stream, actual });
      expect(await under.store.readStream(stream, { limit: 10 })).toHaveLength(3);
    });

    it('is a conflict when the stream should exist and does not', async () => {
      const stream = newStream();

      const outcome = await under.store.append([{ stream, expected: 0n, events: [event()] }]);

      expect(outcome).toEqual({ outcome: 'conflict', stream, actual: 'no-stream' });
      expect(await under.store.readStream(stream, { limit: 10 })).toEqual([]);
    });

    it('lets one of many concurrent writers win each revision', async () => {
      const stream = newStream();
      const other = await under.another();
      const writers = Array.from({ length: 10 }, (_, index) => (index % 2 === 0 ? under.store : other));

      const outcomes = await Promise.all(
        writers.map((store) => store.append([{ stream, expected: 'no-stream', events: [event()] }])),
      );
      await other.close();

      expect(outcomes.filter(({ outcome }) => outcome === 'appended')).toHaveLength(1);
      expect(outcomes.filter(({ outcome }) => outcome === 'conflict')).toHaveLength(9);
      expect(await under.store.readStream(stream, { limit: 10 })).toHaveLength(1);
    });

    it('stores several writes and answers the last revision of each', async () => {
      const [one, two] = [newStream(), newStream()];
      await appended(under.store, two, 'no-stream', events(1));

      const outcome = await under.store.append([
        { stream: one, expected: 'no-stream', events: events(3) },
        { stream: two, expected: 0n, events: events(2) },
      ]);

      const [last] = await under.store.readStream(two, { direction: 'backwards', limit: 1 });
      expect(outcome).toEqual({ outcome: 'appended', position: last?.position, revisions: [2n, 2n] });
      expect(await under.store.readStream(one, { limit: 10 })).toHaveLength(3);
    });

    it('keeps its word about atomicity when a later write is in conflict', async () => {
      const [free, taken] = [newStream(), newStream()];
      await appended(under.store, taken, 'no-stream', events(1));

      const outcome = await under.store.append([
        { stream: free, expected: 'no-stream', events: [event()] },
        { stream: taken, expected: 'no-stream', events: [event()] },
      ]);

      expect(outcome).toEqual({ outcome: 'conflict', stream: taken, actual: 0n });
      const stored = await under.store.readStream(free, { limit: 10 });
      expect(stored).toHaveLength(under.store.atomicity === 'all-writes' ? 0 : 1);
      expect(await under.store.readStream(taken, { limit: 10 })).toHaveLength(1);
    });
  });

  describe('limits', () => {
    it('takes as many events as the limit says', async () => {
      const outcome = await appended(under.store, newStream(), 'no-stream', events(MAX_EVENTS_PER_APPEND));

      expect(outcome.revisions).toEqual([BigInt(MAX_EVENTS_PER_APPEND - 1)]);
    });

    it.each([
      ['no write', () => []],
      ['a write without events', () => [{ stream: newStream(), expected: 'no-stream' as const, events: [] }]],
      [
        'more events than the limit, over all writes',
        () => [
          { stream: newStream(), expected: 'no-stream' as const, events: events(MAX_EVENTS_PER_APPEND) },
          { stream: newStream(), expected: 'no-stream' as const, events: events(1) },
        ],
      ],
      [
        'more bytes than the limit',
        () => [
          {
            stream: newStream(),
            expected: 'no-stream' as const,
            events: [event({ text: 'x'.repeat(MAX_APPEND_BYTES) })],
          },
        ],
      ],
      [
        'more bytes than the limit, counted in UTF-8',
        () => [
          {
            stream: newStream(),
            expected: 'no-stream' as const,
            events: [event({ text: '充'.repeat(MAX_APPEND_BYTES / 2) })],
          },
        ],
      ],
    ])('refuses %s with a RangeError', async (_case, writes) => {
      const refused = writes();

      await expect(under.store.append(refused)).rejects.toThrow(RangeError);
      for (const { stream } of refused)
        expect(await under.store.readStream(stream, { limit: 1 })).toEqual([]);
    });
  });
}
