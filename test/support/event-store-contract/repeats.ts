import { describe, expect, it } from '@jest/globals';
import { appended, event, events, newStream, type Under } from './setup.js';

export function describeRepeats(under: Under): void {
  describe('an append repeated with the same ids at the same revision', () => {
    it('answers as the first time and stores nothing, also when the stream has moved on', async () => {
      const stream = newStream();
      await appended(under.store, stream, 'no-stream', events(1));
      const batch = events(3);
      const first = await appended(under.store, stream, 0n, batch);

      const atOnce = await appended(under.store, stream, 0n, batch);
      await appended(under.store, stream, 3n, events(2));
      const later = await appended(under.store, stream, 0n, batch);

      expect(atOnce).toEqual(first);
      expect(later).toEqual(first);
      expect(await under.store.readStream(stream, { limit: 100 })).toHaveLength(6);
    });

    it('works on the first events of a stream, from another client', async () => {
      const stream = newStream();
      const batch = events(2);
      const first = await appended(under.store, stream, 'no-stream', batch);
      const other = await under.another();

      const again = await appended(other, stream, 'no-stream', batch);
      await other.close();

      expect(again).toEqual(first);
      expect(await under.store.readStream(stream, { limit: 100 })).toHaveLength(2);
    });

    it('compares ids only: another body under the same id changes nothing', async () => {
      const stream = newStream();
      const original = event({ amount: '1' });
      const first = await appended(under.store, stream, 'no-stream', [original]);

      const again = await appended(under.store, stream, 'no-stream', [
        { ...original, data: { amount: '2' } },
      ]);

      expect(again).toEqual(first);
      const [stored] = await under.store.readStream(stream, { limit: 1 });
      expect(stored?.data).toEqual({ amount: '1' });
    });

    it('is a conflict when only part of the batch is the same', async () => {
      const stream = newStream();
      const [one, two, three] = [event(), event(), event()];
      await appended(under.store, stream, 'no-stream', [one, two]);

      const longer = await under.store.append([{ stream, expected: 'no-stream', events: [one, two, three] }]);
      const otherTail = await under.store.append([{ stream, expected: 'no-stream', events: [one, three] }]);
      const otherOrder = await under.store.append([{ stream, expected: 'no-stream', events: [two, one] }]);

      expect(longer).toEqual({ outcome: 'conflict', stream, actual: 1n });
      expect(otherTail).toEqual({ outcome: 'conflict', stream, actual: 1n });
      expect(otherOrder).toEqual({ outcome: 'conflict', stream, actual: 1n });
      expect(await under.store.readStream(stream, { limit: 10 })).toHaveLength(2);
    });

    it('answers as the first time for several writes', async () => {
      const writes = [
        { stream: newStream(), expected: 'no-stream' as const, events: events(2) },
        { stream: newStream(), expected: 'no-stream' as const, events: events(1) },
      ];
      const first = await under.store.append(writes);

      const again = await under.store.append(writes);

      expect(first.outcome).toBe('appended');
      expect(again).toEqual(first);
      for (const write of writes) {
        expect(await under.store.readStream(write.stream, { limit: 10 })).toHaveLength(write.events.length);
      }
    });

    it('completes several writes of which only the first was stored', async () => {
      const claim = { stream: newStream(), expected: 'no-stream' as const, events: events(1) };
      const fact = { stream: newStream(), expected: 'no-stream' as const, events: events(1) };
      await under.store.append([claim]);

      const outcome = await under.store.append([claim, fact]);

      const [last] = await under.store.readStream(fact.stream, { limit: 1 });
      expect(outcome).toEqual({ outcome: 'appended', position: last?.position, revisions: [0n, 0n] });
      expect(await under.store.readStream(claim.stream, { limit: 10 })).toHaveLength(1);
    });

    it('leaves one copy when all repeats run at once', async () => {
      const stream = newStream();
      const batch = events(2);

      const outcomes = await Promise.all(
        Array.from({ length: 10 }, () =>
          under.store.append([{ stream, expected: 'no-stream', events: batch }]),
        ),
      );

      expect(new Set(outcomes.map(({ outcome }) => outcome))).toEqual(new Set(['appended']));
      for (const outcome of outcomes) expect(outcome).toEqual(outcomes[0]);
      expect(await under.store.readStream(stream, { limit: 10 })).toHaveLength(2);
    });
  });
}
