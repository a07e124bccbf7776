import { describe, expect, it } from '@jest/globals';
import { idOf, LEASE_MS, namesOf, type Under } from './setup.js';

export function describeLeases(under: Under): void {
  const lateWords = { reason: 'late', againInMs: undefined };

  describe('taking', () => {
    it('is of one receiver, those due longest first, no more than asked for', async () => {
      const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000);
      await under.put(
        { name: 'younger', dueAt: ago(1) },
        { name: 'oldest', dueAt: ago(9) },
        { name: 'older', dueAt: ago(5) },
        { name: 'to another', receiver: 'mail', dueAt: ago(99) },
      );
      expect(namesOf(await under.outbox.claim('test', 2, LEASE_MS)).toSorted()).toEqual(['older', 'oldest']);
      expect(namesOf(await under.take())).toEqual(['younger']);
      expect(await under.find('to another')).toMatchObject({ state: 'waiting', attempts: 0, lease: 0 });
    });

    it('gives no message to two who ask at once', async () => {
      const names = Array.from({ length: 60 }, (_, index) => `message ${index}`);
      await under.put(...names.map((name) => ({ name })));
      const taken: unknown[] = [];
      // One who asks may be passed over by those who hold what it saw: it asks again.
      while (taken.length < names.length) {
        const rounds = await Promise.all(
          Array.from({ length: 8 }, () => under.outbox.claim('test', 4, LEASE_MS)),
        );
        expect(Math.max(...rounds.map(({ length }) => length))).toBeLessThanOrEqual(4);
        taken.push(...rounds.flatMap(namesOf));
      }
      expect(taken.toSorted()).toEqual(names.toSorted());
      expect(await under.take()).toEqual([]);
    });

    it('takes nothing before its time', async () => {
      await under.put({ name: 'later', dueAt: new Date(Date.now() + 3_600_000) });
      expect(await under.take()).toEqual([]);
      await under.clockJumps(3_600_000);
      expect(namesOf(await under.take())).toEqual(['later']);
    });

    it('counts an attempt each time, and after the lease it is somebody else’s, whose word then counts', async () => {
      await under.put({ name: 'a' });
      const first = await under.takeOne();
      expect(await under.take()).toEqual([]);
      await under.clockJumps(LEASE_MS + 1);
      const second = await under.takeOne();
      expect([first.attempts, second.attempts]).toEqual([1, 2]);
      expect(await under.outbox.delivered(first)).toBe(false);
      expect(await under.outbox.failed(first, lateWords)).toBe(false);
      expect(await under.outbox.giveBack(first)).toBe(false);
      expect(await under.outbox.delivered(second)).toBe(true);
      expect(await under.find('a')).toMatchObject({ state: 'delivered', attempts: 2, lastFault: undefined });
    });

    it('still takes the word of one whose lease ran out while nobody else took the message', async () => {
      await under.put({ name: 'a' });
      const late = await under.takeOne();
      await under.clockJumps(LEASE_MS + 1);
      expect(await under.outbox.delivered(late)).toBe(true);
    });

    it('does not count an attempt that was given back, and gives it to the next at once', async () => {
      await under.put({ name: 'a' });
      const broken = await under.takeOne();
      expect(await under.outbox.giveBack(broken)).toBe(true);
      expect(await under.outbox.delivered(await under.takeOne())).toBe(true);
      expect(await under.find('a')).toMatchObject({ attempts: 1 });
      expect(await under.outbox.giveBack(broken)).toBe(false);
    });

    it('lets nobody from before a person’s repetition end it', async () => {
      await under.put({ name: 'a' });
      const before = await under.takeOne();
      await under.outbox.discard([idOf('a')]);
      await under.outbox.retry([idOf('a')]);
      const after = await under.takeOne();
      expect([before.attempts, after.attempts]).toEqual([1, 1]);
      expect(await under.outbox.delivered(before)).toBe(false);
      expect(await under.outbox.failed(before, lateWords)).toBe(false);
      expect(await under.outbox.delivered(after)).toBe(true);
    });
  });
}
