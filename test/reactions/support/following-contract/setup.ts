import { afterEach, beforeEach } from '@jest/globals';
import type { EventStore } from '../../../../src/eventstore/event-store.js';
import { messageId } from '../../../../src/reactions/outbox/message.js';
import { PostgresOutbox } from '../../../../src/reactions/outbox/postgres-outbox.js';
import { type Reaction, reaction } from '../../../../src/reactions/reaction.js';
import { ReactionRunner, type ReactionRunnerOptions } from '../../../../src/reactions/reaction-runner.js';
import { eventually } from '../../../support/eventually.js';
import { anEvent, append } from '../../../support/events.js';
import type { TestDatabase } from '../../../support/postgres.js';

export interface LogUnderTest {
  readonly store: EventStore;
  /** For the outbox and the places of reactions. */
  readonly database: TestDatabase;
  close(): Promise<void>;
}

export type LogFactory = () => Promise<LogUnderTest>;

export interface Following extends ReactionRunner {
  readonly faults: readonly unknown[];
}

/** What the parts of the suite are given: a new log in each test, and runners that are stopped after it. */
export interface Under {
  readonly store: EventStore;
  readonly database: TestDatabase;
  readonly outbox: PostgresOutbox;
  start(options?: Partial<ReactionRunnerOptions>): Promise<Following>;
  /** Appends so many events that are reacted to. Answers their positions. */
  happens(count?: number): Promise<readonly bigint[]>;
  /** Positions of the events of which there is a message, of whatever state, oldest message first. */
  told(source?: string): Promise<readonly unknown[]>;
  /** Waits until exactly these were told of. */
  areTold(positions: readonly bigint[], source?: string): Promise<void>;
}

/** Tells of each key that was disabled. */
export const telling = (change: Partial<Reaction<'channel-key-disabled'>> = {}): Reaction =>
  reaction<'channel-key-disabled'>({
    name: 'telling',
    handles: ['channel-key-disabled'],
    react: ({ id }) => [
      {
        id: messageId(change.name ?? 'telling', id),
        receiver: 'test',
        kind: 'told',
        payload: { event: id },
      },
    ],
    ...change,
  });

export function useLog(factory: LogFactory): Under {
  let opened: LogUnderTest | undefined;
  const runners: ReactionRunner[] = [];
  const get = (): LogUnderTest => {
    if (!opened) throw new Error('the log under test was not opened');
    return opened;
  };
  beforeEach(async () => {
    opened = await factory();
  });
  afterEach(async () => {
    await Promise.all(runners.splice(0).map((runner) => runner.stop()));
    await opened?.close();
    opened = undefined;
  });
  const outbox = () => new PostgresOutbox(get().database.pool);
  const told = async (source = 'telling') =>
    (await outbox().list({ source, limit: 1_000 })).map(({ position }) => position).toReversed();
  return {
    get store() {
      return get().store;
    },
    get database() {
      return get().database;
    },
    get outbox() {
      return outbox();
    },
    async start(options = {}) {
      const { store, database } = get();
      const faults: unknown[] = [];
      const runner = new ReactionRunner({
        reactions: [telling()],
        store,
        generation: 0,
        pool: database.pool,
        outbox: outbox(),
        onFault: (_reaction, error) => faults.push(error),
        pollIntervalMs: 20,
        ...options,
      });
      runners.push(runner);
      await runner.start();
      return Object.assign(runner, { faults });
    },
    async happens(count = 1) {
      const positions: bigint[] = [];
      for (let index = 0; index < count; index += 1)
        positions.push(await append(get().store, anEvent('channel-key-disabled')));
      return positions;
    },
    told,
    async areTold(positions, source) {
      const wanted = String(positions);
      await eventually(
        async () => {
          const found = String(await told(source));
          if (found !== wanted) throw new Error(`told of ${found} instead of ${wanted}`);
        },
        { timeoutMs: 20_000 },
      );
    },
  };
}
