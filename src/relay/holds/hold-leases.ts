import type {
  BudgetKey,
  CachedBalance,
  Guard,
  HoldOutcome,
  HoldRequest,
} from '../../balance/cached-balance.js';
import { SparingHolds } from '../../balance/hold-despite-leases.js';
import { HOLD_LEASE_MS } from '../../balance/hold-leasing.js';
import { BusyKeys } from './busy-keys.js';
import type { Lease } from './lease.js';
import { type HoldLeasesOptions, LeaseKeeper } from './lease-keeper.js';
import type { OpenHolds } from './open-holds.js';

/**
 * Stands between the relay's calls and the cached balance, and admits calls of busy keys out of leases (ADR 0050), one of a key at a time: no
 * round trip, and at the end of the lease one message for all that was in it. Calls of other keys go by.
 */
export class HoldLeases {
  /** By call, until its lease is over. */
  private readonly leased = new Map<string, Lease>();
  private readonly keeper: LeaseKeeper;
  private readonly sparing: SparingHolds;
  private readonly now: () => number;
  private readonly busy: BusyKeys;
  private readonly busyCalls: number;
  /** Charges go to the spool, and belong to holds of their own. */
  private isSuspended = false;
  /** This process is about to end. */
  private isStopped = false;
  /** How many calls were admitted out of leases. */
  admitted = 0;

  constructor(private readonly options: HoldLeasesOptions) {
    const { now = () => performance.now(), later = afterAWhile, busyCalls = 8, cache } = options;
    this.now = now;
    this.busyCalls = busyCalls;
    this.busy = new BusyKeys(busyCalls, HOLD_LEASE_MS);
    this.sparing = new SparingHolds({
      cache,
      close: (budget) => this.closeOf(budget),
      now,
      pause: (delayMs) => new Promise<void>((resolve) => later(resolve, delayMs)),
    });
    this.keeper = new LeaseKeeper({
      ...options,
      ...{ now, later, busyCalls },
      mayAsk: (like) => !this.isSuspended && isLeasable(like) && !this.sparing.isSpared(accountOf(like)),
      onOver: (lease) => lease.admitted.forEach((holdId) => this.leased.delete(holdId)),
    });
  }

  /** How many leases were granted. */
  get granted(): number {
    return this.keeper.granted;
  }

  /**
   * As the cache's `hold`; of a lease where there is one with room, and then in this very turn. The first guard is the key's own, the first
   * budget the account's.
   */
  async hold(request: HoldRequest): Promise<HoldOutcome> {
    const key = request.guards[0]?.key;
    if (key === undefined || this.isSuspended) return this.sparing.hold(request);
    const lease = this.keeper.of(key);
    if (lease) {
      const granted = lease.admit(request, this.now());
      if (granted !== undefined) {
        this.leased.set(request.holdId, lease);
        this.admitted += 1;
        return { outcome: 'held', granted };
      }
      if (
        lease.phase === 'usable' &&
        (!lease.isUnder(request.guards) || !lease.isOf(request.budgets) || lease.room < lease.amountOfOne)
      )
        this.keeper.close(key, lease);
    } else if (isLeasable(request) && this.busy.count(key, this.now()))
      this.keeper.ask(key, request, request.amount, 4 * this.busyCalls);
    return this.sparing.hold(request);
  }

  add(...[hold, deliveredTokens]: Parameters<OpenHolds['add']>): void {
    const call = this.leased.get(hold.holdId)?.call(hold.holdId);
    if (call) call.deliveredTokens = deliveredTokens;
    else this.options.holds.add(hold, deliveredTokens);
  }

  settled(holdId: string, charge: bigint, position: bigint | undefined): void {
    const lease = this.leased.get(holdId);
    if (lease) lease.charged(holdId, { charge, position });
    else this.options.holds.settled(holdId, charge, position);
    if (position === undefined) this.suspend();
  }

  /** As the cache's `settle`, which hears only of calls that are holds of their own, or are about to be. */
  async settle(settlements: Parameters<CachedBalance['settle']>[0]): Promise<void> {
    const own = settlements.filter(({ holdId, charge, position }) => {
      const lease = this.leased.get(holdId);
      lease?.charged(holdId, { charge, position });
      return !lease || lease.call(holdId) !== undefined;
    });
    // The log has taken a charge.
    this.isSuspended = this.isStopped;
    if (own.length > 0) await this.options.cache.settle(own);
  }

  forget(holdId: string): void {
    const call = this.leased.get(holdId)?.call(holdId);
    if (!call) return this.options.holds.forget(holdId);
    const delivered = call.deliveredTokens();
    Object.assign(call, { isLeft: true, deliveredTokens: () => delivered });
  }

  /** As the cache's `release`. */
  async release(holdIds: readonly string[]): Promise<void> {
    const own = holdIds.filter((holdId) => {
      const lease = this.leased.get(holdId);
      lease?.free(holdId);
      return lease?.phase !== 'usable';
    });
    if (own.length > 0) await this.options.cache.release(own);
  }

  /** Guards were raised by this process: nothing more is admitted under older revisions here. */
  withdraw(guards: readonly Guard[]): void {
    this.keeper.closeWhere((lease) => lease.isOlderThan(guards));
  }

  /** There is too little of a budget: closes what is leased of it. */
  closeOf(budget: BudgetKey): void {
    this.keeper.closeWhere(({ request }) => request.budgets.includes(budget));
  }

  /** Whether a hold is a lease of this process, which it still has to close: no sweeper's business. */
  owns(holdId: string): boolean {
    return this.keeper.owns(holdId);
  }

  /**
   * A charge is about to go to the spool: resolves when the cache knows every call as a hold of its own, so that whoever dies behind it leaves
   * what a death leaves without leases; or when it cannot be told.
   */
  async beforeSpool(): Promise<void> {
    this.suspend();
    await this.keeper.untilTold();
  }

  /** Closes every lease, and takes none any more. */
  async stop(): Promise<void> {
    this.isStopped = true;
    this.suspend();
    await this.keeper.stop();
  }

  private suspend(): void {
    this.isSuspended = true;
    this.keeper.closeWhere(() => true);
  }
}

const accountOf = ({ budgets }: HoldRequest): BudgetKey => budgets[0] as BudgetKey;

/** Of an account's own balance alone: what keys and members of teams may spend is held against by each call. */
function isLeasable({ budgets, guards }: HoldRequest): boolean {
  return budgets.length === 1 && !guards.some(({ key }) => key.startsWith('team:'));
}

function afterAWhile(run: () => void, delayMs: number): void {
  setTimeout(run, delayMs).unref();
}
