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
export interface WaitingFigures {
  /** Due and not delivered. */
  readonly waiting: number;
  /** Not due yet. */
  readonly scheduled: number;
  readonly dead: number;
  /** Since when the oldest message that is due has been, however often it was tried; 0 where none is. */
  readonly oldestSeconds: number;
}

/** Of all messages, and of each receiver that has any. */
export interface OutboxFigures extends WaitingFigures {
  readonly receivers: readonly (WaitingFigures & { readonly receiver: string })[];
}

export interface OutboxQuery {
  readonly state?: OutboxEntry['state'] | undefined;
  readonly receiver?: string | undefined;
  readonly source?: string | undefined;
  /** Only messages before the one of this sequence. */
  readonly before?: bigint | undefined;
  /** Newest first. */
  readonly limit: number;
}

/** A message as whoever has taken it knows it. */
export type Leased = Pick<OutboxEntry, 'id' | 'lease'>;

/** A lease that ends later than that is of a clock that was set back since: it has ended. */
export const LONGEST_LEASE_MS = 3_600_000;

/**
 * Messages on their way, kept in the database. All times are the database's: no clock of a process decides who may send what.
 *
 * Every method rejects with what the database says when it cannot be reached.
 */
export interface Outbox {
  /** Puts messages in, within the caller's transaction. One whose id is there already, in whatever state, is not put in again. */
  add(tx: Queryable, messages: readonly Message[], source: MessageSource): Promise<void>;

  /**
   * Takes up to `limit` messages of a receiver that are due and that nobody else has, and counts an attempt for each. They are the caller's
   * for `leaseMs` (at most LONGEST_LEASE_MS); after that somebody else may take them.
   */
  claim(receiver: string, limit: number, leaseMs: number): Promise<readonly OutboxEntry[]>;

  /** The receiver has it. False where the lease had run out and somebody else has taken the message since: theirs counts. */
  delivered(entry: Leased): Promise<boolean>;

  /** The attempt failed. The answer is as that of `delivered`. */
  failed(entry: Leased, failure: Failure): Promise<boolean>;

  /** The attempt was broken off by the sender itself and does not count. The answer is as that of `delivered`. */
  giveBack(entry: Leased): Promise<boolean>;

  /** How many messages of a source are due and not delivered, counted up to `most`. */
  waitingOf(source: string, most: number): Promise<number>;

  list(query: OutboxQuery): Promise<readonly OutboxEntry[]>;
  find(id: string): Promise<OutboxEntry | undefined>;

  /**
   * Sends dead or discarded ones again from the first attempt on; without ids, all dead ones, of one receiver where it is given. What came
   * after one of its order has gone out meanwhile. Answers how many.
   */
  retry(which: readonly string[] | 'all-dead' | { readonly receiver: string }, by?: string): Promise<number>;

  /** Gives up waiting or dead ones. Answers how many. */
  discard(ids: readonly string[], by?: string): Promise<number>;

  figures(): Promise<OutboxFigures>;

  /** Forgets what ended more than so many days ago, dead ones excepted. Answers how many. */
  prune(days: number): Promise<number>;
}
