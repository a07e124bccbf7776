import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { anyOrder } from './holder-steps.js';
import { Holders } from './holders.js';
import { newAccount, newToken, type OpenSubject, type Subject } from './subject.js';

export function describeHoldersInAnyOrder(open: OpenSubject): void {
  describe('holders of leases, in any order of messages', () => {
    let subject: Subject;
    beforeAll(async () => void (subject = await open({ leaseMs: 15_000 })));
    afterAll(() => subject.close());

    it('spend nothing twice, admit nothing behind an answered revocation, and leave nothing claimed', async () => {
      let leasedCalls = 0;
      await fc.assert(
        fc.asyncProperty(anyOrder, fc.bigInt({ min: 40n, max: 400n }), async (sequence, balance) => {
          const caches = [subject.cache, subject.other];
          const world = new Holders(subject.cache, caches, newAccount(), newToken(), balance);
          await world.load();
          for (const step of sequence) await step(world);
          const held = await world.comeToRest();
          expect({ wrong: world.wrong, held }).toEqual({ wrong: [], held: 0n });
          leasedCalls += world.leasedCalls;
        }),
        { numRuns: 60 },
      );
      expect(leasedCalls).toBeGreaterThan(60);
    });
  });
}
