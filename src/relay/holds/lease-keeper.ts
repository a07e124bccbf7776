import type { BudgetKey, HoldRequest } from '../../balance/cached-balance.js';
import { HOLD_LEASE_MS, type LeasedBalance } from '../../balance/hold-leasing.js';
import { backOff } from '../../support/backoff.js';
import { Lease, MOST_CALLS, requestOfLease } from './lease.js';
import type { OpenHolds } from './open-holds.js';

/** Clocks of two machines run apart, and whoever looked at the clock has still to do what it looked for. */
const MARGIN_MS = 25;
const AFTER_FAILURE = { baseDelayMs: 50, maxDelayMs: 1_000 };

export interface HoldLeasesOptions {
  readonly cache: Pick<LeasedBalance, 'hold' | 'settle' | 'release' | 'takeLease' | 'closeLease' | 'spare'>;
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

interface LeaseKeeperOptions extends HoldLeasesOptions {
  readonly busyCalls: number;
  readonly now: () => number;
  readonly later: (run: () => void, delayMs: number) => void;
  /** Whether a lease may be asked for now, for calls like this one. */
  readonly mayAsk: (like: HoldRequest) => boolean;
  /** Nothing is in it any more. */
  readonly onOver: (lease: Lease) => void;
}

/** Takes and closes the leases of a process, one of a key at a time. What one leaves is handed to OpenHolds. */
export class LeaseKeeper {
  private readonly leases = new Map<BudgetKey, Lease>();
  private readonly closings = new Set<Promise<void>>();
  /** Of the closings, what has not been sent once. */
  private readonly firstTries = new Set<Promise<unknown>>();
  /** This process is about to end. */
  private isStopped = false;
  /** How many were granted. */
  granted = 0;

  constructor(private readonly options: LeaseKeeperOptions) {
    options.holds.onRegister(() => this.giveUp());
  }

  of(key: BudgetKey): Lease | undefined {
    return this.leases.get(key);
  }

  /** Whether a hold is a lease that is not over yet. */
  owns(holdId: string): boolean {
    return [...this.leases.values()].some(({ request }) => request.holdId === holdId);
  }

  /** Takes a lease for so many calls like this one, while they go on with holds of their own. */
  ask(key: BudgetKey, like: HoldRequest, amount: bigint, calls: number): void {
    const request = this.options.mayAsk(like) && requestOfLease(this.options, like, amount, calls);
    if (!request) return;
    const lease = new Lease(request, this.options.now() + HOLD_LEASE_MS - MARGIN_MS);
    this.leases.set(key, lease);
    this.take(key, lease).catch((error: unknown) => {
      this.remove(key, lease);
      this.options.onProblem(error);
      // It may stand all the same. What cannot be released runs out, and is swept.
      this.options.cache.release([request.holdId]).catch(this.options.onProblem);
    });
  }

  closeWhere(isMeant: (lease: Lease) => boolean): void {
    for (const [key, lease] of this.leases) if (isMeant(lease)) this.close(key, lease);
  }

  close(key: BudgetKey, lease: Lease): void {
    if (lease.phase === 'asked') lease.isUnwanted = true;
    if (lease.phase !== 'usable') return;
    lease.phase = 'closing';
    const closing = this.sendClosing(key, lease).finally(() => this.closings.delete(closing));
    this.closings.add(closing);
  }

  /** Resolves when every message that closes one has been answered, or failed once. */
  async untilTold(): Promise<void> {
    await Promise.all(this.firstTries);
  }

  /** Waits for what is being closed, and repeats no message any more. */
  async stop(): Promise<void> {
    this.isStopped = true;
    await Promise.all(this.closings);
  }

  private async take(key: BudgetKey, lease: Lease): Promise<void> {
    const { cache, later, now } = this.options;
    const outcome = await cache.takeLease(lease.request);
    const isGivenUp = lease.phase === 'over';
    if (outcome.outcome !== 'held') this.remove(key, lease);
    else if (isGivenUp) await cache.release([lease.request.holdId]);
    else {
      lease.begin(outcome.granted);
      this.granted += 1;
      later(() => this.close(key, lease), lease.endsAtMs - now());
      // Withdrawn, or suspended, while the answer was under way: nothing is admitted.
      if (lease.isUnwanted) this.close(key, lease);
    }
  }

  private async sendClosing(key: BudgetKey, lease: Lease): Promise<void> {
    let outcome: Awaited<ReturnType<LeasedBalance['closeLease']>>;
    for (let failures = 0; ; failures += 1) {
      try {
        // In the turn in which its closing began, the first time: nothing that is admitted can be missing.
        outcome = await this.tell(lease, failures === 0);
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
    this.handOver(key, lease, outcome !== 'unknown');
    if (admitted.length >= this.options.busyCalls && !lease.isUnwanted)
      this.ask(key, lease.request, lease.amountOfOne, Math.min(MOST_CALLS, 2 * admitted.length));
  }

  private tell(lease: Lease, isFirst: boolean): ReturnType<LeasedBalance['closeLease']> {
    const told = this.options.cache.closeLease(lease.end());
    if (isFirst) {
      const over = () => void this.firstTries.delete(tried);
      const tried = told.then(over, over);
      this.firstTries.add(tried);
    }
    return told;
  }

  /** The cache was lost: what was in leases is registered with the other holds, and nothing is admitted out of them any more. */
  private giveUp(): void {
    for (const [key, lease] of this.leases) this.handOver(key, lease);
  }

  /**
   * Whatever the cache answered to the closing. Where it had swept the lease, the next heartbeat finds its calls unknown, and ends them; where it
   * was lost, they are registered before that.
   */
  private handOver(key: BudgetKey, lease: Lease, claimsCharges = true): void {
    const { holds, onOver } = this.options;
    const { settled, request } = lease;
    for (const { hold, deliveredTokens, charged, isLeft } of lease.finish())
      if (!isLeft) holds.adopt(hold, deliveredTokens, charged);
    // A lease that was swept claims all that was granted, until the tables have whatever it was charged.
    if (settled && claimsCharges) {
      const { holdId, budgets, amount: granted, context } = request;
      holds.adopt({ holdId, budgets, granted, context }, () => 0, settled);
    }
    onOver(lease);
    this.remove(key, lease);
  }

  private remove(key: BudgetKey, lease: Lease): void {
    lease.phase = 'over';
    if (this.leases.get(key) === lease) this.leases.delete(key);
  }
}
