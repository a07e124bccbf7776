import type { OutboxEntry } from '../../../src/reactions/outbox/message.js';
import type { Receipt, Receiver } from '../../../src/reactions/outbox/receiver.js';

/** Remembers what came, and answers what the test says. */
export class TestReceiver implements Receiver {
  readonly came: OutboxEntry[] = [];
  answer: (entry: OutboxEntry, signal: AbortSignal) => Promise<Receipt> = () =>
    Promise.resolve({ kind: 'delivered' });

  constructor(readonly name = 'test') {}

  send(entry: OutboxEntry, signal: AbortSignal): Promise<Receipt> {
    this.came.push(entry);
    return this.answer(entry, signal);
  }

  get ids(): readonly string[] {
    return this.came.map(({ id }) => id);
  }
}
