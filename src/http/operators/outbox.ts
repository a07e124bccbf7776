import type { OutboxEntry } from '../../reactions/outbox/message.js';
import type { OutboxQuery } from '../../reactions/outbox/outbox.js';

/** What follows from events outside the ledger, as operators look at it. */
export interface OutboxDesk {
  list(query: OutboxQuery): Promise<readonly OutboxEntry[]>;
  find(id: string): Promise<OutboxEntry | undefined>;
  /** Sends dead or discarded ones again, or all dead ones of a receiver. @returns how many */
  retry(which: readonly string[] | { readonly receiver: string }, by: string): Promise<number>;
  /** Gives up a dead or waiting one. @returns whether it was one */
  discard(id: string, by: string): Promise<boolean>;
}
