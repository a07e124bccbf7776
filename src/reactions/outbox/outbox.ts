import type { Queryable } from '../../projections/runtime/projection.js';
import type { Message, MessageSource, OutboxEntry } from './message.js';

/** How an attempt ended that was not the last word. */
export interface Failure {
  /** For people. No secrets and nothing of a person. */
  readonly reason: string;
  /** Milliseconds until the next attempt; undefined: there is none, the message is dead. */
  readonly againInMs: number | undefined;
}

/** What waits, for gauges. */
export interface OutboxFigures {
  readonly waiting: number;
  readonly dead: number;
  /** Since when the oldest message that is due has been; 0 where none is. */
  readonly oldestSeconds: number;
}

export interface OutboxQuery {
  readonly state?: OutboxEntry['state'] | undefined;
  readonly receiver?: string | undefined;
  /** Newest first. */
  readonly limit: number;
}

/**
 * Messages on their way, kept in the database. All times are the database's: no clock of a process decides who may send what.
 *
 * Every method rejects with what the database says when it cannot be reached.
 */
export interface Outbox {
  /** Puts messages in, within the caller's transaction. One whose id is there already, in whatever state, is not put in again. */
  add(tx: Queryable, messages: readonly Message[], source: MessageSource): Promise<void>;

  /**
   * Takes up to `limit` messages that are due and that nobody else has, and counts an attempt for each. They are the caller's for `leaseMs`;
   * after that somebody else may take them.
   */
  claim(limit: number, leaseMs: number): Promise<readonly OutboxEntry[]>;

  /** The receiver has it. False where the lease had run out and somebody else has taken the message since: theirs counts. */
  delivered(entry: Pick<OutboxEntry, 'id' | 'attempts'>): Promise<boolean>;

  /** The attempt failed. The answer is as that of `delivered`. */
  failed(entry: Pick<OutboxEntry, 'id' | 'attempts'>, failure: Failure): Promise<boolean>;

  list(query: OutboxQuery): Promise<readonly OutboxEntry[]>;
  find(id: string): Promise<OutboxEntry | undefined>;

  /** Sends dead or discarded ones again from the first attempt on; without ids, all dead ones. Answers how many. */
  retry(ids: readonly string[] | 'all-dead'): Promise<number>;

  /** Gives up waiting or dead ones. Answers how many. */
  discard(ids: readonly string[]): Promise<number>;

  figures(): Promise<OutboxFigures>;

  /** Forgets what ended more than so many days ago, dead ones excepted. Answers how many. */
  prune(days: number): Promise<number>;
}
