import { beforeEach, describe, expect, it } from '@jest/globals';
import type { OutboxEntry } from '../../../src/reactions/outbox/message.js';
import type { Receiver } from '../../../src/reactions/outbox/receiver.js';

export interface ReceiverUnderTest {
  readonly receiver: Receiver;
  /** One that it takes. */
  readonly fit: OutboxEntry;
  /** What happened outside, so far. */
  readonly effects: () => Promise<readonly unknown[]>;
}

/**
 * The contract of the Receiver port, for every receiver.
 *
 * @param open opens a receiver that has had nothing yet; called before each test
 */
export function describeReceiver(name: string, open: () => Promise<ReceiverUnderTest>): void {
  describe(`receiver contract: ${name}`, () => {
    const { signal } = new AbortController();
    let under: ReceiverUnderTest;
    beforeEach(async () => {
      under = await open();
    });

    it('has its effect once, however often a message comes', async () => {
      for (const attempts of [1, 2, 3])
        expect(await under.receiver.send({ ...under.fit, attempts }, signal)).toEqual({ kind: 'delivered' });
      const again = [1, 2, 3].map((attempts) => under.receiver.send({ ...under.fit, attempts }, signal));
      expect(await Promise.all(again)).toEqual(again.map(() => ({ kind: 'delivered' })));
      expect(await under.effects()).toHaveLength(1);
    });

    it('has its effect once, also when two processes send it at once', async () => {
      const receipts = await Promise.all(
        [1, 2, 3].map((attempts) => under.receiver.send({ ...under.fit, attempts }, signal)),
      );
      // One that came in between may be asked to come again; it then finds the effect.
      expect(receipts.map(({ kind }) => kind)).not.toContain('rejected');
      expect(await under.receiver.send(under.fit, signal)).toEqual({ kind: 'delivered' });
      expect(await under.effects()).toHaveLength(1);
    });

    it('tells messages apart by their ids, not by what is in them', async () => {
      const other = { ...under.fit, id: crypto.randomUUID() };
      for (const entry of [under.fit, other])
        expect(await under.receiver.send(entry, signal)).toEqual({ kind: 'delivered' });
      expect(await under.effects()).toHaveLength(2);
    });

    it('changes nothing in the message that it is given', async () => {
      const before = structuredClone(under.fit);
      await under.receiver.send(under.fit, signal);
      expect(under.fit).toEqual(before);
    });
  });
}
