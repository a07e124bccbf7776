import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { idOf, LEASE_MS, namesOf, type Under } from './setup.js';

export function describeOrder(under: Under): void {
  describe('order', () => {
    it('is kept among messages of one receiver with the same key, and holds up nobody else', async () => {
      await under.put(
        { name: 'a1', orderKey: 'a' },
        { name: 'a2', orderKey: 'a' },
        { name: 'b1', orderKey: 'b' },
        { name: 'free' },
        { name: 'mail', orderKey: 'a', receiver: 'mail' },
      );
      const taken = await under.take();
      expect(namesOf(taken).toSorted()).toEqual(['a1', 'b1', 'free']);
      expect(namesOf(await under.outbox.claim('mail', 10, LEASE_MS))).toEqual(['mail']);
      expect(await under.take()).toEqual([]);
      for (const entry of taken) await under.outbox.delivered(entry);
      expect(namesOf(await under.take())).toEqual(['a2']);
    });

    it('waits for one that is tried again, and not for one that is dead', async () => {
      await under.put({ name: 'a1', orderKey: 'a' }, { name: 'a2', orderKey: 'a' });
      await under.outbox.failed(await under.takeOne(), { reason: 'busy', againInMs: 60_000 });
      expect(await under.take()).toEqual([]);
      await under.clockJumps(60_001);
      await under.outbox.failed(await under.takeOne(), { reason: 'gone', againInMs: undefined });
      expect(namesOf(await under.take())).toEqual(['a2']);
    });

    it('whatever happens, what is lent is the first of its key, is lent to one, and comes never again once delivered', async () => {
      const step = fc.oneof(
        fc.record({ kind: fc.constant('put' as const), key: fc.constantFrom('a', 'b', undefined) }),
        fc.record({
          kind: fc.constantFrom('take' as const, 'expire' as const),
          key: fc.constant(undefined),
        }),
        fc.record({
          kind: fc.constantFrom(
            'delivered' as const,
            'failed' as const,
            'dead' as const,
            'giveBack' as const,
          ),
          key: fc.constant(undefined),
        }),
      );
      await fc.assert(
        fc.asyncProperty(fc.uuid(), fc.array(step, { maxLength: 25 }), async (run, steps) => {
          const waiting: { name: string; key: string | undefined }[] = [];
          const delivered = new Set<unknown>();
          let held: Awaited<ReturnType<Under['take']>> = [];
          for (const [index, { kind, key }] of steps.entries()) {
            if (kind === 'put') {
              const name = `${run} ${index}`;
              await under.put({ name, orderKey: key && `${run} ${key}` });
              waiting.push({ name, key });
            } else if (kind === 'expire') {
              await under.clockJumps(LEASE_MS + 1);
              held = [];
            } else if (kind === 'take') {
              const taken = await under.take();
              const [names, others] = [namesOf(taken), namesOf(held)];
              expect(names.filter((name) => others.includes(name) || delivered.has(name))).toEqual([]);
              for (const name of names) {
                const { key: itsKey } = waiting.find((each) => each.name === name) ?? {};
                if (itsKey) expect(waiting.find((each) => each.key === itsKey)?.name).toBe(name);
              }
              held = [...held, ...taken];
            } else {
              const [entry, ...rest] = held;
              if (!entry) continue;
              held = rest;
              const [name] = namesOf([entry]);
              if (kind === 'giveBack') expect(await under.outbox.giveBack(entry)).toBe(true);
              else if (kind === 'delivered') expect(await under.outbox.delivered(entry)).toBe(true);
              else
                await under.outbox.failed(entry, {
                  reason: kind,
                  againInMs: kind === 'dead' ? undefined : 0,
                });
              if (kind === 'delivered') delivered.add(name);
              if (kind === 'delivered' || kind === 'dead')
                waiting.splice(
                  waiting.findIndex((each) => each.name === name),
                  1,
                );
            }
          }
          // So that the next run begins with nothing that waits.
          await under.outbox.discard(waiting.map(({ name }) => idOf(name)));
        }),
        { numRuns: 25 },
      );
    });
  });
}
