import type {
  BudgetKey,
  CachedBalance,
  Guard,
  HoldOutcome,
  HoldRequest,
} from '../../balance/cached-balance.js';
import { HOLD_LEASE_MS, type LeasedBalance } from '../../balance/hold-leasing.js';
import { MAX_BALANCE } from '../../domain/money/quota.js';
import { backOff } from '../../support/backoff.js';
import { BusyKeys } from './busy-keys.js';
import { Lease } from './lease.js';
import type { OpenHolds } from './open-holds.js';

export interface HoldLeasesOptions {
  readonly cache: Pick<LeasedBalance, 'hold' | 'settle' | 'release' | 'takeLease' | 'closeLease'>;
  readonly holds: Pick<OpenHolds, 'add' | 'adopt' | 'settled' | 'forget' | 'onRegister'>;
  /** JSON text that lets another process resolve the lease when its holder is dead. */
  readonly contextOf: (request: HoldRequest) => string;
  /** A new uuid. */
  readonly newId: () => string;
  /** So many calls of a key in a lease's time are worth one. Default 8. */
  readonly busyCalls?: number;
  /** A step failed; it is tried again, or done without. */
  readonly onProblem: (error: unknown) => void;
  /** Milliseconds of a clock that never goes back. */
  readonly now?: () => number;
  readonly later?: (run: () => void, delayMs: number) => void;
}

/** Clocks of two machines run apart, and whoever looked at the clock has still to do what it looked for. */
const MARGIN_MS = 25;
const LEAST_CALLS = 4n;
const MOST_CALLS = 512;
const AFTER_FAILURE = { baseDelayMs: 50, maxDelayMs: 1_000 };

/**
 * Stands between the relay's calls and the cached balance, and admits calls of busy keys out of leases (ADR 0050), one of a key at a time: no
 * round trip, and at the end of the lease one message for all that was in it. Calls of other keys go by. What a lease leaves is handed to OpenHolds.
 */
export class HoldLeases {
  private readonly leases = new Map<BudgetKey, Lease>();
  /** By call, until its lease is over. */
  private readonly leased = new Map<string, Lease>();
  private readonly closings = new Set<Promise<void>>();
  private readonly now: () => number;
  private readonly later: NonNullable<HoldLeasesOptions['later']>;
  private readonly busy: BusyKeys;
  private readonly busyCalls: number;
  /** Charges go to the spool, and belong to holds of their own. */
  private isSuspended = false;
  /** This process is about to end. */
  private isStopped = false;

  constructor(private readonly options: HoldLeasesOptions) {
    this.now = options.now ?? (() => performance.now());
    this.later = options.later ?? afterAWhile;
    this.busyCalls = options.busyCalls ?? 8;
    this.busy = new BusyKeys(this.busyCalls, HOLD_LEASE_MS);
    options.holds.onRegister(() => this.giveUp());
  }

  /** As the cache's `hold`; of a lease where there is one with room, and then in this very turn. The first guard is the key's own. */
  async hold(request: HoldRequest): Promise<HoldOutcome> {
    const key = request.guards[0]?.key;
    if (key === undefined || this.isSuspended) return this.options.cache.hold(request);
    const lease = this.leases.get(key);
    if (lease) {
      const granted = lease.admit(request, this.now());
      if (granted !== undefined) {
        this.leased.set(request.holdId, lease);
        return { outcome: 'held', granted };
      }
      if (
        lease.phase === 'usable' &&
        (!lease.isUnder(request.guards) || !lease.isOf(request.budgets) || lease.room < amountOfOne(lease))
      )
        this.close(key, lease);
    } else if (this.busy.count(key, this.now())) this.ask(key, request, request.amount, 4 * this.busyCalls);
    return this.options.cache.hold(request);
  }

  add(...[hold, deliveredTokens]: Parameters<OpenHolds['add']>): void {
    const call = this.leased.get(hold.holdId)?.call(hold.holdId);
    if (call) call.deliveredTokens = deliveredTokens;
    else this.options.holds.add(hold, deliveredTokens);
  }

  settled(holdId: string, charge: bigint, position: bigint | undefined): void {
    const lease = this.leased.get(holdId);
    if (!lease) return this.options.holds.settled(holdId, charge, position);
    lease.charged(holdId, { charge, position });
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
    for (const [key, lease] of this.leases) if (lease.isOlderThan(guards)) this.close(key, lease);
  }

  /** Closes every lease, and takes none any more. */
  async stop(): Promise<void> {
    this.isStopped = true;
    this.suspend();
    await Promise.all(this.closings);
  }

  private suspend(): void {
    this.isSuspended = true;
    for (const [key, lease] of this.leases) this.close(key, lease);
  }

  /** Takes a lease for calls like this one, while they go on with holds of their own. */
  private ask(key: BudgetKey, like: HoldRequest, amount: bigint, calls: number): void {
    const atLeast = amount * LEAST_CALLS;
    if (amount === 0n || atLeast > MAX_BALANCE) return;
    const wanted = amount * BigInt(calls);
    const { budgets, guards } = like;
    const request = {
      holdId: this.options.newId(),
      budgets,
      guards,
      amount: wanted > MAX_BALANCE ? MAX_BALANCE : wanted,
      atLeast,
      context: this.options.contextOf(like),
    };
    const lease = new Lease(request, this.now() + HOLD_LEASE_MS - MARGIN_MS);
    this.leases.set(key, lease);
    this.take(key, lease).catch((error: unknown) => {
      this.remove(key, lease);
      this.options.onProblem(error);
      // It may stand all the same. What cannot be released runs out, and is swept.
      this.options.cache.release([request.holdId]).catch(this.options.onProblem);
    });
  }

  private async take(key: BudgetKey, lease: Lease): Promise<void> {
    const outcome = await this.options.cache.takeLease(lease.request);
    const isGivenUp = lease.phase === 'over';
    if (outcome.outcome !== 'held') this.remove(key, lease);
    else if (isGivenUp) await this.options.cache.release([lease.request.holdId]);
    else {
      lease.begin(outcome.granted);
      this.later(() => this.close(key, lease), lease.endsAtMs - this.now());
      // Withdrawn, or suspended, while the answer was under way: nothing is admitted.
      if (lease.isUnwanted) this.close(key, lease);
    }
  }

  private close(key: BudgetKey, lease: Lease): void {
    if (lease.phase === 'asked') lease.isUnwanted = true;
    if (lease.phase !== 'usable') return;
    lease.phase = 'closing';
    const closing = this.sendClosing(key, lease).finally(() => this.closings.delete(closing));
    this.closings.add(closing);
  }

  private async sendClosing(key: BudgetKey, lease: Lease): Promise<void> {
    for (let failures = 0; ; failures += 1) {
      try {
        // In the turn in which its closing began, the first time: nothing that is admitted can be missing.
        await this.options.cache.closeLease(lease.end());
        break;
      } catch (error) {
        this.options.onProblem(error);
        if (this.isStopped) return;
        await backOff(AFTER_FAILURE, failures);
        if (lease.phase === 'over') return;
      }
    }
    if (lease.phase === 'over') return;
    const { admitted } = lease;
    this.handOver(key, lease);
    if (admitted.length >= this.busyCalls && !this.isSuspended && !lease.isUnwanted)
      this.ask(key, lease.request, amountOfOne(lease), Math.min(MOST_CALLS, 2 * admitted.length));
  }

  /** The cache was lost: what was in leases is registered with the other holds, and nothing is admitted out of them any more. */
  private giveUp(): void {
    for (const [key, lease] of this.leases) this.handOver(key, lease);
  }

  /**
   * Whatever the cache answered to the closing. Where it had swept the lease, the next heartbeat finds its calls unknown, and ends them; where it
   * was lost, they are registered before that.
   */
  private handOver(key: BudgetKey, lease: Lease): void {
    const { holds } = this.options;
    const { settled, request } = lease;
    for (const { hold, deliveredTokens, charged, isLeft } of lease.finish())
      if (!isLeft) holds.adopt(hold, deliveredTokens, charged);
    if (settled) {
      const { holdId, budgets, amount: granted, context } = request;
      holds.adopt({ holdId, budgets, granted, context }, () => 0, settled);
    }
    for (const holdId of lease.admitted) this.leased.delete(holdId);
    this.remove(key, lease);
  }

  private remove(key: BudgetKey, lease: Lease): void {
    lease.phase = 'over';
    if (this.leases.get(key) === lease) this.leases.delete(key);
  }
}

/** What one call of it was expected to hold. */
const amountOfOne = ({ request }: Lease): bigint => request.atLeast / LEAST_CALLS;

function afterAWhile(run: () => void, delayMs: number): void {
  setTimeout(run, delayMs).unref();
}
