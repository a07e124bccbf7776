import { Unavailable } from '../support/unavailable.js';

/**
 * A budget is what a call is held against: the account's balance, the key's own limit where it has one, and what a member or a key of a team
 * may spend in a period. `account:<account id>`, `token:<token id>` or `budget:<budget id>:<period>`: a new period is a new key, and nothing
 * is ever reset. `team:<account id>` is guarded alone.
 */
export type BudgetKey =
  | `account:${string}`
  | `token:${string}`
  | `budget:${string}:${string}`
  | `team:${string}`;

/** The most budgets of one hold: account, key, and of a team the member's and the key's of the period. */
export const MOST_BUDGETS = 4;

/** Something the caller read earlier and that must not have changed since: a token's, an account's or a team's stream revision. */
export interface Guard {
  /** `token:<token id>`, `account:<account id>` or `team:<account id>`. */
  readonly key: BudgetKey;
  /** The revision that the caller's copy was read at. */
  readonly revision: bigint;
}

export interface HoldRequest {
  readonly holdId: string;
  /** One to four; every one of them must carry the hold. */
  readonly budgets: readonly BudgetKey[];
  /** Quota of the worst case. */
  readonly amount: bigint;
  /** Quota of the least that is still useful; a hold between `atLeast` and `amount` is granted when the budget is short. Equal to `amount`: all or nothing. */
  readonly atLeast: bigint;
  readonly guards: readonly Guard[];
  /** JSON text that lets another process resolve the hold when its owner is dead. Bounded: 2 KiB. */
  readonly context: string;
}

/** A hold as its owner remembers it and as the sweeper finds it. */
export interface OpenHold {
  readonly holdId: string;
  readonly budgets: readonly BudgetKey[];
  readonly granted: bigint;
  readonly context: string;
  /** Output tokens known to have been delivered at the last heartbeat. */
  readonly deliveredTokens: number;
  /** Milliseconds since 1970, by the cache's clock. */
  readonly leaseExpiresAtMs: number;
  /** When set, the charge is durable at this log position and only the projection is awaited. */
  readonly settled?: { readonly charge: bigint; readonly position: bigint };
}

export type HoldOutcome =
  | { readonly outcome: 'held'; readonly granted: bigint }
  | {
      readonly outcome: 'insufficient';
      readonly budget: BudgetKey;
      /** The request's `atLeast`. */
      readonly needed: bigint;
      /** Of the budget that has least; may be negative. */
      readonly available: bigint;
    }
  /** These budgets are not cached (or are of a lost epoch): load them, then ask again. */
  | { readonly outcome: 'missing'; readonly budgets: readonly BudgetKey[] }
  /** The caller's copy of this token or account is out of date: read it again, then ask again. */
  | { readonly outcome: 'stale'; readonly key: BudgetKey; readonly revision: bigint }
  /** The cache was lost; owners are registering their open holds again. Nothing may be held until then. */
  | { readonly outcome: 'recovering'; readonly retryAfterMs: number };

/** A projected balance with the log position of the last event that is in it. */
export interface BudgetSnapshot {
  readonly budget: BudgetKey;
  readonly balance: bigint;
  readonly position: bigint;
  /** Revision of the account's or token's own stream that the snapshot has seen: the guard. */
  readonly revision: bigint;
}

export interface BudgetView extends BudgetSnapshot {
  /** Sum of the open holds and of the settled charges not yet projected. */
  readonly held: bigint;
  readonly holds: readonly OpenHold[];
}

/** Where in the log is the last charge that was settled against a budget and is not in its balance yet. */
export function lastSettled(view: BudgetView | undefined): bigint | undefined {
  const positions = view?.holds.flatMap(({ settled }) => (settled ? [settled.position] : [])) ?? [];
  return positions.reduce<bigint | undefined>(
    (last, position) => (last === undefined || position > last ? position : last),
    undefined,
  );
}

export class CacheUnavailable extends Unavailable {
  override readonly name = 'CacheUnavailable';
}

/** The id was resolved before: a late or repeated request of a call that is over. Nothing is held; a new call takes a new id. */
export class HoldAlreadyResolved extends Error {
  override readonly name = 'HoldAlreadyResolved';
}

/** How far somebody has seen the log. */
export interface FarthestSeen {
  readonly position: bigint;
  /** Which event was the last there, or before it. */
  readonly last?: string | undefined;
}

/**
 * The balance as calls see it: `available = balance at position P - open holds - settled but unprojected charges`.
 *
 * Every method is atomic. Amounts are quota and stay below 2^53 (the account ceiling), so that Lua's doubles hold them exactly.
 * Two adapters, Redis and the in-process twin, pass one contract suite. Every method may reject with CacheUnavailable.
 */
export interface CachedBalance {
  /**
   * Places a hold on all budgets or on none. Repeating a holdId answers as the first time; an id that was resolved within the
   * last minute rejects with HoldAlreadyResolved. A guard that the caller has seen newer than the cache is raised.
   * After CacheUnavailable the hold may stand all the same: `release` it.
   */
  hold(request: HoldRequest): Promise<HoldOutcome>;

  /**
   * Fills in budgets that were missing. A snapshot changes nothing when it is older than what is cached, or than what `apply`
   * lately brought while the budget was not cached, or while the cache recovers (it may have been read before the loss): a missing
   * budget then stays missing and is to be read again. A snapshot must come here within seconds of being read.
   */
  load(snapshots: readonly BudgetSnapshot[]): Promise<void>;

  /**
   * The charge of a hold is durable at `position`: the hold shrinks (or grows) to the charge and waits for the projection.
   * It counts no longer in a budget whose balance has passed `position`, and is dropped when it counts in none. Unknown ids are ignored.
   */
  settle(
    settlements: readonly { readonly holdId: string; readonly charge: bigint; readonly position: bigint }[],
  ): Promise<void>;

  /** The call cost nothing: its hold is dropped. An unknown id is remembered for a minute, so that a hold still under way comes too late. */
  release(holdIds: readonly string[]): Promise<void>;

  /** Heartbeat of the owner: extends leases and notes what has been delivered. Answers the ids that are not known (resolved or lost). */
  renew(
    heartbeats: readonly { readonly holdId: string; readonly deliveredTokens: number }[],
  ): Promise<readonly string[]>;

  /** The owner puts its open holds back after a loss. Settled ones whose position is already in the balance are left out. */
  register(holds: readonly OpenHold[]): Promise<void>;

  /**
   * The projector's step: sets newer balances (an older position changes nothing) **and** drops the holds that the batch resolved,
   * at once. Budgets that are not cached stay uncached. `position` is the batch's last, kept as `appliedPosition`; `last` says which event is the
   * last in it, in a text of at most 1 KiB that nobody here reads, kept as `lastApplied`.
   */
  apply(batch: {
    readonly position: bigint;
    readonly last?: string | undefined;
    readonly balances: readonly Omit<BudgetSnapshot, 'revision'>[];
    readonly resolvedHolds: readonly string[];
  }): Promise<void>;

  /** The last batch applied; undefined in a new or lost cache. */
  appliedPosition(): Promise<bigint | undefined>;

  /** The last text that came with a batch applied: by it the log is known where another has grown past that position. Undefined in a new or lost cache. */
  lastApplied(): Promise<string | undefined>;

  /**
   * A process says how far it has seen the log, and by which event, in a text of at most 1 KiB that nobody here reads. Only the farthest is
   * kept: who begins on an older copy of the log, and has seen nothing, learns here what others know.
   */
  noteSeen(seen: FarthestSeen): Promise<void>;

  /** The farthest of `noteSeen`; undefined in a new or lost cache. */
  farthestSeen(): Promise<FarthestSeen | undefined>;

  /** A token or account changed: copies older than `revision` are stale from now on, on every process. Never lowers a guard. */
  raiseGuards(guards: readonly Guard[]): Promise<void>;

  /** The first guard that is out of date, if any; for requests that hold nothing. */
  checkGuards(
    guards: readonly Guard[],
  ): Promise<Extract<HoldOutcome, { outcome: 'stale' | 'missing' | 'recovering' }> | undefined>;

  /**
   * Holds whose lease ran out, oldest first, settled ones included. Ask at least every third of a lease: after a longer silence
   * the cache itself may have stood still, and the answer is empty for one lease so that living owners can renew first.
   * A hold that was charged must be dropped by `apply`, with a balance that contains the charge, never by `release`.
   */
  expired(limit: number): Promise<readonly OpenHold[]>;

  /** What is cached of a budget, for audits. */
  view(budget: BudgetKey): Promise<BudgetView | undefined>;

  /** Called when the cache was found lost: the owner must `register` its open holds within the grace time. Returns the way to stop. */
  onLost(registerAgain: () => void): () => void;

  checkHealth(): Promise<void>;
  close(): Promise<void>;
}
