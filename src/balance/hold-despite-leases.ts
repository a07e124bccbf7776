import type { BudgetKey, HoldOutcome, HoldRequest } from './cached-balance.js';
import { HOLD_LEASE_MS, type LeasedBalance, SPARED_MS } from './hold-leasing.js';
import { type Waiting, whileLeased } from './raise-guards.js';

export interface SparingHoldsOptions extends Waiting {
  readonly cache: Pick<LeasedBalance, 'hold' | 'spare'>;
  /** Closes the leases of this process on the budget. */
  readonly close: (budget: BudgetKey) => void;
}

/** A lease's time, and as much again for the message that closes it. Beyond that its holder is dead, and it claims as holds of the dead do. */
const WAIT_MS = 2 * HOLD_LEASE_MS;
/** Shorter than the cache knows of it. */
const SPARED_HERE_MS = SPARED_MS / 2;

/**
 * Places holds as if there were no leases (ADR 0050): where an account is found short, by a call that is refused or granted less than it asks for, its leases
 * are closed, none is granted for a while, and the hold is asked for again. What leases claim beyond their calls is in nobody's way.
 */
export class SparingHolds {
  private readonly now: () => number;
  /** Accounts that were found short, and until when this process need not ask again. */
  private readonly spared = new Map<BudgetKey, number>();
  private readonly waits = new Map<BudgetKey, Promise<void>>();

  constructor(private readonly options: SparingHoldsOptions) {
    this.now = options.now ?? (() => performance.now());
  }

  /** Of these no lease is worth asking for. */
  isSpared(budget: BudgetKey): boolean {
    return (this.spared.get(budget) ?? 0) > this.now();
  }

  /** As the cache's `hold`. The first budget is the account: no other is leased. */
  async hold(request: HoldRequest): Promise<HoldOutcome> {
    const { cache } = this.options;
    const [account] = request.budgets;
    if (account === undefined || this.isSpared(account)) return cache.hold(request);
    // All or nothing: what is granted stands, and a shorter answer than there is money for would stay one.
    const whole = await cache.hold({ ...request, atLeast: request.amount });
    if (whole.outcome !== 'insufficient') return whole;
    if (whole.budget === account) await this.spare(account);
    else if (request.atLeast === request.amount) return whole;
    return cache.hold(request);
  }

  /** One look for all calls that wait for the same. */
  private spare(budget: BudgetKey): Promise<void> {
    let waiting = this.waits.get(budget);
    if (!waiting) {
      waiting = this.untilSpared(budget).finally(() => this.waits.delete(budget));
      this.waits.set(budget, waiting);
    }
    return waiting;
  }

  private async untilSpared(budget: BudgetKey): Promise<void> {
    const { cache, close, pause } = this.options;
    const askedAtMs = this.now();
    close(budget);
    await whileLeased(() => cache.spare(budget), WAIT_MS, { now: this.now, pause });
    for (const [key, untilMs] of this.spared) if (untilMs <= askedAtMs) this.spared.delete(key);
    this.spared.set(budget, askedAtMs + SPARED_HERE_MS);
  }
}
