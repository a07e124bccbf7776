import { describe, expect, it } from '@jest/globals';
import { EventStoreUnavailable } from '../../../../src/eventstore/event-store.js';
import { WrongLog } from '../../../../src/eventstore/wrong-log.js';
import { PoisonEvent } from '../../../../src/projections/runtime/faults.js';
import { OutboxFull } from '../../../../src/reactions/following/followed-reaction.js';
import { eventually } from '../../../support/eventually.js';
import { appendRaw } from '../../../support/events.js';
import { FaultyEventStore } from '../../../support/faulty-event-store.js';
import { type LogFactory, telling, type Under } from './setup.js';

export function describeFaults(under: Under, factory: LogFactory): void {
  const within = { timeoutMs: 20_000 };

  describe('what goes wrong', () => {
    it('with an event that cannot be read stops it there, with all told that came before', async () => {
      const { faults } = await under.start();
      const before = await under.happens(2);
      const type = 'channel-key-disabled.v9';
      const event = { id: crypto.randomUUID(), type, data: {}, metadata: {} };
      const position = await appendRaw(under.store, [{ stream: 'channel-odd', event }]);
      await under.happens();
      await eventually(() => faults.length > 1, within);
      expect(await under.told()).toEqual(before);
      expect(
        faults.every((fault) => fault instanceof PoisonEvent && fault.poison.position === position),
      ).toBe(true);
    });

    it('in one reaction stops no other, and the program that can react goes on from there', async () => {
      const failing = telling({
        name: 'failing',
        react: () => {
          throw new RangeError('with what it read in its text');
        },
      });
      const broken = await under.start({ reactions: [telling(), failing] });
      const positions = await under.happens(2);
      await under.areTold(positions);
      await eventually(() => broken.faults.length > 0, within);
      expect(await under.told('failing')).toEqual([]);
      expect(String(broken.faults[0])).toContain('the reaction failing failed with RangeError');
      expect(String(broken.faults[0])).not.toContain('what it read');
      await broken.stop();
      await under.start({ reactions: [telling(), telling({ name: 'failing' })] });
      await under.areTold(positions, 'failing');
      expect(await under.told()).toEqual(positions);
    });

    it('with the log is waited for, and then nothing is missing and nothing twice', async () => {
      const store = new FaultyEventStore(under.store);
      const { faults } = await under.start({ store });
      const before = await under.happens();
      await under.areTold(before);
      store.down = true;
      const meanwhile = await under.happens(3);
      await eventually(() => faults.length > 0, within);
      store.down = false;
      await under.areTold([...before, ...meanwhile]);
      expect(faults.every((fault) => fault instanceof EventStoreUnavailable)).toBe(true);
    });

    it('between messages and place undoes both: they are one transaction', async () => {
      const { outbox } = under;
      let failures = 2;
      const { faults } = await under.start({
        outbox: {
          waitingOf: (source, most) => outbox.waitingOf(source, most),
          add: async (tx, messages, source) => {
            await outbox.add(tx, messages, source);
            if (failures-- > 0) throw new Error('the connection broke');
          },
        },
      });
      const positions = await under.happens(3);
      await under.areTold(positions);
      expect(faults).toHaveLength(2);
    });

    it('because too much waits makes it pause, and it goes on when there is room', async () => {
      const { faults } = await under.start({ maxWaiting: 0 });
      const [first = 0n] = await under.happens();
      await under.areTold([first]);
      const [second = 0n] = await under.happens();
      await eventually(() => faults.some((fault) => fault instanceof OutboxFull), within);
      expect(await under.told()).toEqual([first]);
      const [entry] = await under.outbox.claim('test', 1, 60_000);
      if (entry) await under.outbox.delivered(entry);
      await under.areTold([first, second]);
    });

    it.each(['is another one', 'ends before its place'])(
      'with a log that %s keeps it from starting',
      async (what) => {
        const first = await under.start();
        await under.areTold(await under.happens(3));
        await first.stop();
        const other = await factory();
        try {
          if (what === 'is another one') {
            const { store } = other;
            const type = 'channel-enabled.v1';
            for (let count = 0; count < 5; count += 1) {
              const event = { id: crypto.randomUUID(), type, data: {}, metadata: {} };
              await appendRaw(store, [{ stream: `channel-${count}`, event }]);
            }
          }
          await expect(under.start({ store: other.store })).rejects.toThrow(WrongLog);
        } finally {
          await other.close();
        }
      },
    );
  });
}
