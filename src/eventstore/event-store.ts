import { Unavailable } from '../support/unavailable.js';

/** A JSON object as it is stored: no bigint, no Date; amounts are decimal strings. */
export type JsonObject = { readonly [key: string]: unknown };

/** An event on its way into the log. `id` is a UUID and is what makes a repeated append harmless. */
export interface EventData {
  readonly id: string;
  /** The versioned stored name, `payment-credited.v1`. */
  readonly type: string;
  readonly data: JsonObject;
  readonly metadata: JsonObject;
}

/** An event as the log keeps it. An adapter may make its parts when they are asked for: they are taken one by one, not by a spread. */
export interface RecordedEvent extends EventData {
  readonly stream: string;
  /** Place in its stream, from 0, without gaps. */
  readonly revision: bigint;
  /** Place in the whole log: ascending in append order; without gaps only where an adapter says so. */
  readonly position: bigint;
  readonly recordedAt: Date;
  /** `data` as JSON text, where an adapter has it as that and would have to parse it: for readers of many events who need little of each. */
  readonly dataText?: string;
  /** `metadata`, likewise. */
  readonly metadataText?: string;
  /**
   * That nothing is to be made of it, only its place counts: a person said so (`skipped`), or it is somebody else's (`foreign`). Set by the
   * guarded store; readers of the whole log meet such events only where they ask for them.
   */
  readonly passedOver?: 'skipped' | 'foreign';
}

/** An event and where in its stream it is to stand; of another log's, also when it was recorded there. */
export type PlacedEvent = EventData &
  Pick<RecordedEvent, 'stream' | 'revision'> &
  Partial<Pick<RecordedEvent, 'recordedAt' | 'dataText' | 'metadataText'>>;

/** What the writer believes about the stream: it does not exist, or its last revision is exactly this. There is no "any": never for money. */
export type ExpectedRevision = 'no-stream' | bigint;

export interface StreamWrite {
  readonly stream: string;
  readonly expected: ExpectedRevision;
  readonly events: readonly EventData[];
}

/**
 * The four ways an append can end.
 *
 * - `appended`: durable. `position` is that of the last event, `revisions` the last revision of each write, in order.
 *   An append repeated with the same ids at the same expected revision answers `appended` with the first one's figures.
 * - `conflict`: `stream` is not where the writer believed; nothing of that write is stored.
 * - `unknown`: the deadline passed or the connection broke after the request was sent. The caller must repeat the same ids
 *   at the same revisions until it gets another answer; deciding again would double the event.
 * - `unavailable`: certainly nothing was stored.
 *   It speaks of this attempt alone: after an `unknown` the earlier attempt is still unknown, and must still be repeated.
 */
export type AppendOutcome =
  | { readonly outcome: 'appended'; readonly position: bigint; readonly revisions: readonly bigint[] }
  | { readonly outcome: 'conflict'; readonly stream: string; readonly actual: ExpectedRevision }
  | { readonly outcome: 'unknown'; readonly cause: Error }
  | { readonly outcome: 'unavailable'; readonly cause: Error };

/** A page of the whole log. `position` is the last place looked at (system events are skipped), and the next `after`. */
export interface LogPage {
  readonly events: readonly RecordedEvent[];
  readonly position: bigint;
  readonly atEnd: boolean;
  /** What the server says of events that were taken away from streams, where it says so in the log. */
  readonly taken?: readonly TakenAway[];
}

/** Word of an event, in the log, that events of a stream are gone or to go. */
export interface TakenAway {
  readonly stream: string;
  /** Where the log says so. */
  readonly position: bigint;
  /** `a limit ($maxCount 10) was set on it` */
  readonly how: string;
}

export interface LogQuery {
  readonly after: bigint;
  readonly limit: number;
  /**
   * Where given, it is told of each event as it comes, and the page holds none: of a long log nothing need be kept that the reader
   * does not keep. What it was told counts only once the page is there. It must not throw, and take what it needs of the event at once:
   * the event may be gone when it returns.
   */
  readonly onEvent?: ((event: RecordedEvent) => void) | undefined;
  /**
   * Stored types that the reader has no use for: an adapter may go past such events, but not past the last one of a page, which says where
   * it ends. Names of letters, digits, dots and hyphens.
   */
  readonly without?: readonly string[] | undefined;
  /** Seals are not looked at: for who looks at all of them, and wants to know of each that is wrong. */
  readonly evenUnsealed?: boolean | undefined;
  /** Events that were passed over are among those found, with a mark: for who checks that nothing is missing. */
  readonly withPassedOver?: boolean | undefined;
}

/** The position before the first event. */
export const BEFORE_FIRST = -1n;

/** Limits every adapter enforces before it sends anything, with a thrown RangeError. */
export const MAX_EVENTS_PER_APPEND = 256;
export const MAX_APPEND_BYTES = 512 * 1024;

/** Reads fail with this when the store cannot be reached within the deadline. Never thrown by `append`. */
export class EventStoreUnavailable extends Unavailable {
  override readonly name: string = 'EventStoreUnavailable';
}

/**
 * The log. Three adapters (eventstoredb, postgres, memory) pass one contract suite.
 *
 * Every call has a deadline of the adapter's own; none waits for ever.
 */
export interface EventStore {
  /**
   * Appends the writes in order. Adapters with `atomicity: 'all-writes'` store all or nothing; with `'each-write'` a failure
   * at write k leaves the writes before k stored, and repeating the same ids completes them. Callers must tolerate both:
   * put the claims first and the event they are for last.
   */
  append(writes: readonly StreamWrite[]): Promise<AppendOutcome>;
  readonly atomicity: 'all-writes' | 'each-write';
  /** Whether a position follows the one before it, or may leave some out: the server's own events have positions too. */
  readonly positions: 'gap-free' | 'ascending';

  /** Events of one stream from `from` (inclusive; default: the first, or the last when backwards). `[]` when the stream does not exist. */
  readStream(
    stream: string,
    options: {
      readonly from?: bigint;
      readonly direction?: 'forwards' | 'backwards';
      readonly limit: number;
    },
  ): Promise<readonly RecordedEvent[]>;

  /** Events of the whole log after a position (exclusive), oldest first. */
  readAll(options: LogQuery): Promise<LogPage>;

  /** Position of the last event that is not a system event; BEFORE_FIRST when the log is empty. */
  head(): Promise<bigint>;

  /** Whether the log goes as far as a position that was once met in it, be it a system event's. */
  reaches(position: bigint): Promise<boolean>;

  /** A doorbell: `onAppend` is called soon after anything was appended by anyone, possibly too often, never with events. Returns the way to stop. */
  subscribe(onAppend: () => void): () => void;

  /** Rejects with EventStoreUnavailable when a round trip fails. */
  checkHealth(): Promise<void>;

  /**
   * Stores a whole history at once, or nothing of it: for trials, and for what is brought from another log, whose times it keeps. Every
   * stream's revisions run from 0. Undefined where an adapter has no such way. Rejects when the log does not end at `after`; by default it
   * must have no event. Answers the number of events.
   */
  readonly fill?:
    | ((events: Iterable<PlacedEvent> | AsyncIterable<PlacedEvent>, after?: bigint) => Promise<number>)
    | undefined;

  /** Waits for appends under way, then lets everything go. */
  close(): Promise<void>;
}
