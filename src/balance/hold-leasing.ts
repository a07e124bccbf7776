import type {
  BudgetKey,
  CachedBalance,
  Guard,
  HoldOutcome,
  HoldRequest,
  OpenHold,
} from './cached-balance.js';

/** How long a holder may admit calls out of a lease, from when it asked for it, by its own monotonic clock. */
export const HOLD_LEASE_MS = 250;

/**
 * A lease is granted at most one part in so many of what is available: an account that is nearly spent has calls of other processes
 * refused no sooner than without leases but for its last eighth.
 */
export const LEASE_SHARE = 8n;

/** For so long nobody is granted a lease of an account that was found short: what is there is for holds. */
export const SPARED_MS = 2_000;

/** What a lease leaves behind when it is closed. */
export interface LeaseEnd {
  readonly leaseId: string;
  /** What calls in it were charged, as one sum: all of it is in the log at `position` or before. Undefined: nothing was. */
  readonly settled: { readonly charge: bigint; readonly position: bigint } | undefined;
  /** Those that are open, or were charged since the holder began to close: each is a hold of its own from here on. */
  readonly calls: readonly OpenHold[];
}

/**
 * Leases (ADR 0050): one hold for many calls of a key, out of which its holder admits them by itself. For the cache it is a hold that is
 * known to be a lease: it claims as a hold does, shows among the holds of its budgets, and runs out as they do where its holder is dead.
 */
export interface HoldLeasing {
  /**
   * Takes a lease: as `hold`, of at most `amount` and of a share of what is available, noted under its guards. Has one guard or more.
   * After CacheUnavailable it may stand all the same: `release` it.
   */
  takeLease(request: HoldRequest): Promise<HoldOutcome>;

  /**
   * Drops the lease's claim and has its calls and its charges claim by themselves, in one step. Calls that were resolved meanwhile are left out.
   * `unknown`: it is closed already, or was swept, and nothing was placed. `lost`: so is the cache, and the calls are to be registered.
   */
  closeLease(end: LeaseEnd): Promise<'closed' | 'unknown' | 'lost'>;

  /**
   * Whether calls may still be admitted under older revisions than these, which were raised before: a lease under one is not closed, or
   * the cache was lost so lately that it cannot know. Whoever waits need not do so for longer than HOLD_LEASE_MS: none under an
   * older revision is granted behind the raise.
   */
  isLeased(guards: readonly Guard[]): Promise<boolean>;

  /**
   * A hold found the budget short: no lease of it is granted for SPARED_MS. Answers whether one still claims of it, whose time ends as that of any:
   * what it does not need is there again then.
   */
  spare(budget: BudgetKey): Promise<boolean>;
}

/** The cached balance with leases, which both adapters are. */
export type LeasedBalance = CachedBalance & HoldLeasing;
