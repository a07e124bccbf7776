import { describe, expect, it } from '@jest/globals';
import { EventStoreUnavailable } from '../../../src/eventstore/event-store.js';
import { eventually } from '../eventually.js';
import { appended, event, events, newStream, type Under } from './setup.js';

export function describeDoorbellAndEnds(under: Under): void {
  describe('subscribe', () => {
    it('rings for own appends and for those of another client', async () => {
      const other = await under.another();
      let rings = 0;
      const stop = under.store.subscribe(() => (rings += 1));

      await appended(under.store, newStream(), 'no-stream', events(1));
      await eventually(() => rings > 0);
      for (const stream of [newStream(), newStream()]) {
        const before = rings;
        await appended(other, stream, 'no-stream', events(1));
        await eventually(() => rings > before);
      }

      stop();
      await other.close();
    });

    it('is silent once stopped, for that listener only', async () => {
      let stopped = 0;
      let listening = 0;
      const stopFirst = under.store.subscribe(() => (stopped += 1));
      const stopSecond = under.store.subscribe(() => (listening += 1));
      await appended(under.store, newStream(), 'no-stream', events(1));
      await eventually(() => stopped > 0 && listening > 0);

      stopFirst();
      const before = { stopped, listening };
      await appended(under.store, newStream(), 'no-stream', events(1));
      await eventually(() => listening > before.listening);

      expect(stopped).toBe(before.stopped);
      stopSecond();
      stopSecond();
    });
  });

  describe('health and end', () => {
    it('is healthy when it can be reached', async () => {
      await expect(under.store.checkHealth()).resolves.toBeUndefined();
    });

    it('finishes appends under way, then refuses everything', async () => {
      const store = await under.another();
      const stream = newStream();
      store.subscribe(() => undefined);
      const underWay = store.append([{ stream, expected: 'no-stream', events: [event()] }]);

      await store.close();

      expect((await underWay).outcome).toBe('appended');
      const late = await store.append([{ stream, expected: 0n, events: [event()] }]);
      expect(late.outcome).toBe('unavailable');
      await expect(store.readStream(stream, { limit: 1 })).rejects.toThrow(EventStoreUnavailable);
      await expect(store.readAll({ after: -1n, limit: 1 })).rejects.toThrow(EventStoreUnavailable);
      await expect(store.head()).rejects.toThrow(EventStoreUnavailable);
      await expect(store.checkHealth()).rejects.toThrow(EventStoreUnavailable);
      expect(await under.store.readStream(stream, { limit: 10 })).toHaveLength(1);
      await store.close();
    });
  });
}
