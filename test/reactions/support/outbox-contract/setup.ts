import { afterEach, beforeEach } from '@jest/globals';
import type { Queryable } from '../../../../src/projections/runtime/projection.js';
import { type Message, messageId, type OutboxEntry } from '../../../../src/reactions/outbox/message.js';
import type { Outbox } from '../../../../src/reactions/outbox/outbox.js';

export interface OutboxUnderTest {
  readonly outbox: Outbox;
  /** What a caller does in one transaction. */
  transaction<Result>(run: (tx: Queryable) => Promise<Result>): Promise<Result>;
  /** The clock of the outbox goes on by so much at once; backwards when negative. */
  clockJumps(byMs: number): Promise<void>;
  close(): Promise<void>;
}

export type OutboxFactory = () => Promise<OutboxUnderTest>;

/** What the parts of the suite are given: a new outbox in each test. */
export interface Under {
  readonly outbox: Outbox;
  transaction<Result>(run: (tx: Queryable) => Promise<Result>): Promise<Result>;
  clockJumps(byMs: number): Promise<void>;
  /** Puts messages in, each named by `name`, from which its id is made. */
  put(...messages: readonly Named[]): Promise<void>;
  /** Takes all that is due for the receiver `test`. */
  take(): Promise<readonly OutboxEntry[]>;
  /** Takes exactly one. */
  takeOne(): Promise<OutboxEntry>;
  find(name: string): Promise<OutboxEntry | undefined>;
}

export type Named = Partial<Omit<Message, 'id'>> & { readonly name: string; readonly source?: string };

export const LEASE_MS = 60_000;
export const idOf = (name: string): string => messageId('contract', name);
export const messageOf = ({ name, source: _source, ...message }: Named): Message => ({
  receiver: 'test',
  kind: 'told',
  payload: { name },
  ...message,
  id: idOf(name),
});
export const namesOf = (entries: readonly OutboxEntry[]): readonly unknown[] =>
  entries.map(({ payload }) => payload['name']);

export function useOutbox(factory: OutboxFactory): Under {
  let opened: OutboxUnderTest | undefined;
  const get = (): OutboxUnderTest => {
    if (!opened) throw new Error('the outbox under test was not opened');
    return opened;
  };
  beforeEach(async () => {
    opened = await factory();
  });
  afterEach(async () => {
    await opened?.close();
    opened = undefined;
  });
  const take = (limit: number) => get().outbox.claim('test', limit, LEASE_MS);
  return {
    get outbox() {
      return get().outbox;
    },
    transaction: (run) => get().transaction(run),
    clockJumps: (byMs) => get().clockJumps(byMs),
    async put(...messages) {
      const its = get();
      for (const message of messages)
        await its.transaction((tx) =>
          its.outbox.add(tx, [messageOf(message)], { source: message.source ?? 'contract', position: 7n }),
        );
    },
    take: () => take(100),
    async takeOne() {
      const [entry] = await take(1);
      if (!entry) throw new Error('nothing was due');
      return entry;
    },
    find: (name) => get().outbox.find(idOf(name)),
  };
}
