import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { JsonObject } from '../../../../src/eventstore/event-store.js';
import { idOf, messageOf, namesOf, type Under } from './setup.js';

export function describeAdding(under: Under): void {
  describe('putting in', () => {
    it('is done with the transaction of the caller, or not at all', async () => {
      const undone = under.transaction(async (tx) => {
        await under.outbox.add(tx, [messageOf({ name: 'a' })], { source: 'contract' });
        throw new Error('the caller thought better of it');
      });
      await expect(undone).rejects.toThrow('better');
      expect(await under.find('a')).toBeUndefined();
      await under.put({ name: 'a' });
      expect(await under.find('a')).toMatchObject({ state: 'waiting', attempts: 0 });
    });

    it.each(['waiting', 'delivered', 'dead', 'discarded'] as const)(
      'takes an id once: one that is %s is not put in again',
      async (state) => {
        await under.put({ name: 'a' });
        if (state === 'delivered') await under.outbox.delivered(await under.takeOne());
        if (state === 'dead')
          await under.outbox.failed(await under.takeOne(), { reason: 'gone', againInMs: undefined });
        if (state === 'discarded') await under.outbox.discard([idOf('a')]);
        const before = await under.find('a');
        await under.put({ name: 'a', payload: { other: true } });
        expect(await under.find('a')).toEqual(before);
        expect(before?.state).toBe(state);
      },
    );

    it('gives it back as it was put in, with where it comes from', async () => {
      const name = fc.string({ unit: 'grapheme', maxLength: 20 });
      const payloads = fc.dictionary(name, fc.oneof(name, fc.integer(), fc.boolean(), fc.array(name)), {
        noNullPrototype: true,
      });
      await fc.assert(
        fc.asyncProperty(payloads, fc.uuid(), async (drawn, unique) => {
          const payload: JsonObject = drawn;
          await under.put({ name: unique, payload, orderKey: `of ${unique}`, kind: 'drawn' });
          expect(await under.find(unique)).toMatchObject({
            payload,
            orderKey: `of ${unique}`,
            kind: 'drawn',
            source: 'contract',
            position: 7n,
          });
        }),
        { numRuns: 30 },
      );
    });

    it('keeps text that no table can hold as near as it can', async () => {
      await under.put({ name: 'a', payload: { text: 'a\0b\ud800' } });
      expect((await under.find('a'))?.payload).toEqual({ text: 'a\uFFFDb\uFFFD' });
    });

    it('lists newest first, by state, receiver and source, page by page', async () => {
      await under.put({ name: 'a' }, { name: 'b', receiver: 'mail' }, { name: 'c', source: 'other' });
      await under.outbox.discard([idOf('a')]);
      const list = async (query: Partial<Parameters<Under['outbox']['list']>[0]>) =>
        namesOf(await under.outbox.list({ limit: 10, ...query }));
      expect(await list({})).toEqual(['c', 'b', 'a']);
      expect(await list({ state: 'discarded' })).toEqual(['a']);
      expect(await list({ receiver: 'mail' })).toEqual(['b']);
      expect(await list({ source: 'other' })).toEqual(['c']);
      const [newest] = await under.outbox.list({ limit: 1 });
      expect(await list({ before: newest?.sequence, limit: 1 })).toEqual(['b']);
    });
  });
}
