import { describe, expect, it } from '@jest/globals';
import { idOf, type Under } from './setup.js';

const DAY_MS = 86_400_000;

export function describeEndings(under: Under): void {
  const die = async (reason = 'gone') =>
    under.outbox.failed(await under.takeOne(), { reason, againInMs: undefined });

  describe('what became of it', () => {
    it('is tried again when it was said, with the reason in sight', async () => {
      await under.put({ name: 'a' });
      expect(await under.outbox.failed(await under.takeOne(), { reason: 'busy', againInMs: 60_000 })).toBe(
        true,
      );
      expect(await under.find('a')).toMatchObject({ state: 'waiting', attempts: 1, lastFault: 'busy' });
      await under.clockJumps(59_000);
      expect(await under.take()).toEqual([]);
      await under.clockJumps(1_001);
      expect(await under.takeOne()).toMatchObject({ attempts: 2, lastFault: 'busy' });
    });

    it('keeps any reason, cut where it is long', async () => {
      await under.put({ name: 'a' });
      await die(`a\0${'b'.repeat(10_000)}`);
      const { lastFault = '' } = (await under.find('a')) ?? {};
      expect(lastFault).toMatch(/^a\uFFFDb+$/);
      expect(lastFault.length).toBeLessThanOrEqual(500);
    });

    it('is dead when there is no other attempt, until a person has it sent again from the first one', async () => {
      await under.put({ name: 'a' });
      await die();
      expect(await under.find('a')).toMatchObject({ state: 'dead', endedAt: expect.any(Date) });
      await under.clockJumps(DAY_MS);
      expect(await under.take()).toEqual([]);
      expect(await under.outbox.retry([idOf('a')], 'operator:alice')).toBe(1);
      expect(await under.find('a')).toMatchObject({
        state: 'waiting',
        attempts: 0,
        endedAt: undefined,
        handledBy: 'operator:alice',
      });
      expect(await under.takeOne()).toMatchObject({ id: idOf('a'), attempts: 1 });
    });

    it('is sent again one by one, all dead ones of a receiver, or all dead ones', async () => {
      await under.put({ name: 'a' }, { name: 'b' }, { name: 'mail', receiver: 'mail' }, { name: 'waits' });
      const [mail] = await under.outbox.claim('mail', 1, 1_000);
      if (mail) await under.outbox.failed(mail, { reason: 'gone', againInMs: undefined });
      await die();
      await die();
      await under.outbox.discard([idOf('b')]);
      expect(await under.outbox.retry([idOf('waits')])).toBe(0);
      expect(await under.outbox.retry({ receiver: 'mail' })).toBe(1);
      expect((await under.find('a'))?.state).toBe('dead');
      expect(await under.outbox.retry('all-dead')).toBe(1);
      expect((await under.find('b'))?.state).toBe('discarded');
      expect(await under.outbox.retry([idOf('b')])).toBe(1);
    });

    it('is given up by a person, while it waits or when it is dead, and then nobody ends it otherwise', async () => {
      await under.put({ name: 'a' });
      const taken = await under.takeOne();
      expect(await under.outbox.discard([idOf('a')], 'operator:bob')).toBe(1);
      expect(await under.outbox.delivered(taken)).toBe(false);
      expect(await under.find('a')).toMatchObject({ state: 'discarded', handledBy: 'operator:bob' });
      expect(await under.outbox.discard([idOf('a')])).toBe(0);
      expect(await under.outbox.discard([idOf('nobody')])).toBe(0);
    });

    it('is forgotten some days after its end, but never while it waits or is dead', async () => {
      await under.put({ name: 'delivered' });
      await under.outbox.delivered(await under.takeOne());
      await under.put({ name: 'dead' });
      await die();
      await under.put({ name: 'discarded' }, { name: 'waits' });
      await under.outbox.discard([idOf('discarded')]);
      await under.clockJumps(29 * DAY_MS);
      expect(await under.outbox.prune(30)).toBe(0);
      await under.clockJumps(2 * DAY_MS);
      expect(await under.outbox.prune(30)).toBe(2);
      expect((await under.outbox.list({ limit: 10 })).map(({ state }) => state)).toEqual(['waiting', 'dead']);
    });

    it('is in the figures of its receiver: since when the oldest has been due, however often it was tried', async () => {
      await under.put({ name: 'dead' });
      await die();
      await under.put({ name: 'tried' });
      await under.clockJumps(600_000);
      await under.outbox.failed(await under.takeOne(), { reason: 'busy', againInMs: 1_000_000 });
      await under.put(
        { name: 'later', dueAt: new Date(Date.now() + 3_600_000) },
        { name: 'mail', receiver: 'mail' },
      );
      const { receivers, ...all } = await under.outbox.figures();
      expect(all).toMatchObject({ waiting: 2, scheduled: 1, dead: 1 });
      expect(receivers).toMatchObject([
        { receiver: 'mail', waiting: 1, scheduled: 0, dead: 0 },
        { receiver: 'test', waiting: 1, scheduled: 1, dead: 1 },
      ]);
      expect(all.oldestSeconds).toBeGreaterThanOrEqual(600);
      expect(all.oldestSeconds).toBeLessThan(660);
    });

    it('counts against the bound of its source while it is due, and no further than the bound', async () => {
      await under.put(
        { name: 'a', source: 'one' },
        { name: 'b', source: 'one' },
        { name: 'c', source: 'one' },
      );
      await under.put({ name: 'later', source: 'one', dueAt: new Date(Date.now() + 3_600_000) });
      await under.put({ name: 'other', source: 'another' });
      expect(await under.outbox.waitingOf('one', 10)).toBe(3);
      expect(await under.outbox.waitingOf('one', 2)).toBe(2);
      await under.outbox.delivered(await under.takeOne());
      expect(await under.outbox.waitingOf('one', 10)).toBe(2);
    });
  });
}
