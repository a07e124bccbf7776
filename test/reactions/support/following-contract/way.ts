import { describe, expect, it } from '@jest/globals';
import { anEvent, append, eventData } from '../../../support/events.js';
import { telling, type Under } from './setup.js';

export function describeWay(under: Under): void {
  describe('its way along the log', () => {
    it('begins at the log’s end when it is first seen, and leaves out what it does not handle', async () => {
      await under.happens(2);
      await under.start();
      await append(under.store, anEvent('account-registered'));
      const after = await under.happens(2);
      await under.areTold(after);
      const entries = await under.outbox.list({ limit: 10 });
      expect(entries.every(({ state, attempts }) => state === 'waiting' && attempts === 0)).toBe(true);
    });

    it('begins at the log’s beginning if it asks, and reacts to the whole history once', async () => {
      const before = await under.happens(2);
      const first = await under.start({ reactions: [telling({ begins: 'beginning' })] });
      await under.areTold(before);
      await first.stop();
      await under.start({ reactions: [telling({ begins: 'beginning' })] });
      const after = await under.happens();
      await under.areTold([...before, ...after]);
    });

    it('goes on where it was, and misses nothing of what happened meanwhile', async () => {
      const first = await under.start();
      const before = await under.happens(2);
      await under.areTold(before);
      await first.stop();
      const meanwhile = await under.happens(2);
      await under.start();
      await under.areTold([...before, ...meanwhile]);
    });

    it('is gone once, however many runners there are', async () => {
      await Promise.all([under.start(), under.start(), under.start()]);
      const positions = await under.happens(30);
      await under.areTold(positions);
    });

    it('leads past more than a page of what nobody reacts to', async () => {
      await under.start();
      const before = await under.happens();
      const { type, data } = eventData(anEvent('account-suspended'));
      for (let batch = 0; batch < 12; batch += 1) {
        const events = Array.from({ length: 200 }, () => ({
          id: crypto.randomUUID(),
          type,
          data,
          metadata: {},
        }));
        const stream = `account-${crypto.randomUUID()}`;
        const { outcome } = await under.store.append([{ stream, expected: 'no-stream', events }]);
        expect(outcome).toBe('appended');
      }
      const after = await under.happens();
      await under.areTold([...before, ...after]);
    });

    it('of several is each its own', async () => {
      const first = await under.start({ reactions: [telling()] });
      const before = await under.happens();
      await under.areTold(before);
      await first.stop();
      await under.start({ reactions: [telling(), telling({ name: 'newer' })] });
      const after = await under.happens();
      await under.areTold([...before, ...after]);
      await under.areTold(after, 'newer');
    });
  });
}
