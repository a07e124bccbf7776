import type { Limit } from '../../domain/setting/settings.js';

/** Something that is limited by itself: a key, a user, a group, all calls. */
export interface Bucket {
  /** `global`, `group:<name>`, `user:<id>` or `key:<id>`. */
  readonly name: string;
  readonly limit: Limit;
}

export interface CountedCall {
  readonly callId: string;
  readonly buckets: readonly Bucket[];
  /** Estimated at the beginning; `settle` corrects it. */
  readonly tokens: number;
  /** It is a request and open already; only its tokens are new. */
  readonly isCounted?: boolean;
}

/** What a bucket has counted: in the minute that runs and in the one before it, calls and tokens; and the calls that are open. */
export interface Counts {
  readonly requests: number;
  readonly requestsBefore: number;
  readonly tokens: number;
  readonly tokensBefore: number;
  readonly calls: number;
}

export interface Reading {
  /** Counted in every bucket, or else in none. */
  readonly admitted: boolean;
  /** The minute that the counters' clock shows, and how much of it has passed. */
  readonly minute: number;
  readonly elapsedMs: number;
  /** In the order of the buckets, before the call was counted. */
  readonly counts: readonly Counts[];
}

/**
 * The counters behind the limits of calls, shared by all processes. A window of 60 seconds slides: the minute that runs counts whole, of the
 * one before it the share that still lies within the last 60 seconds. All of it may be lost at any time and then begins anew. Methods
 * reject when the store is away.
 */
export interface LimitCounters {
  /**
   * Counts the call where every bucket has room for it: one more request, its tokens, one more open call; its tokens alone where it has
   * been counted. One atomic step.
   */
  admit(call: CountedCall): Promise<Reading>;
  /** The call has ended: it is open no more, and its tokens were so many more (or fewer) than was counted in `minute`. */
  settle(call: CountedCall, minute: number, moreTokens: number): Promise<void>;
  /** Calls of this process go on; without that they count as ended after their lease. */
  renew(calls: readonly CountedCall[]): Promise<void>;
  close(): Promise<void>;
}

/** An open call that is not renewed counts no more after so long: its process is dead. */
export const OPEN_CALL_LEASE_MS = 30_000;
export const MINUTE_MS = 60_000;
