import { describe, expect, it, jest } from '@jest/globals';
import { LONGEST_LEASE_MS } from '../../../../src/reactions/outbox/outbox.js';
import { LEASE_MS, namesOf, type Under } from './setup.js';

export function describeClocks(under: Under): void {
  describe('a clock that jumps', () => {
    it.each([-86_400_000, 86_400_000])(
      'in a process, by %d ms, takes nothing from another and sends nothing early or late',
      async (byMs) => {
        const now = Date.now();
        await under.put({ name: 'lent' }, { name: 'soon', dueAt: new Date(now + 3_600_000) });
        await under.takeOne();
        await under.put({ name: 'due' });
        const clock = jest.spyOn(Date, 'now').mockReturnValue(now + byMs);
        try {
          expect(namesOf(await under.take())).toEqual(['due']);
        } finally {
          clock.mockRestore();
        }
      },
    );

    it('of the outbox, set back, makes a message late by no more than that', async () => {
      await under.put({ name: 'a' });
      await under.clockJumps(-86_400_000);
      await under.put({ name: 'b' });
      expect(namesOf(await under.take())).toEqual(['b']);
      await under.clockJumps(86_400_000);
      expect(namesOf(await under.take())).toContain('a');
    });

    it('of the outbox, set back, lets no lease last longer than any may', async () => {
      await under.put({ name: 'a', dueAt: new Date(Date.now() - 2 * LONGEST_LEASE_MS) });
      const before = await under.takeOne();
      await under.clockJumps(-LONGEST_LEASE_MS / 2);
      expect(await under.take()).toEqual([]);
      await under.clockJumps(-LONGEST_LEASE_MS);
      const after = await under.takeOne();
      expect(await under.outbox.delivered(before)).toBe(false);
      expect(await under.outbox.delivered(after)).toBe(true);
    });

    it('of the outbox, set forward, may lend a message twice, and only the last word counts', async () => {
      await under.put({ name: 'a' });
      const before = await under.takeOne();
      await under.clockJumps(LEASE_MS + 86_400_000);
      const after = await under.takeOne();
      expect(await under.outbox.delivered(before)).toBe(false);
      expect(await under.outbox.delivered(after)).toBe(true);
    });
  });
}
