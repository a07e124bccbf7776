import type { BudgetKey, HoldRequest, OpenHold } from '../../balance/cached-balance.js';
import type { LeaseEnd } from '../../balance/hold-leasing.js';

/** Durable: in the log at a position, or still in the spool. */
export interface Charged {
  readonly charge: bigint;
  readonly position: bigint | undefined;
}

/** A call that was admitted out of a lease. */
export interface LeasedCall {
  readonly hold: Pick<OpenHold, 'holdId' | 'budgets' | 'granted' | 'context'>;
  deliveredTokens: () => number;
  charged: Charged | undefined;
  /** Left to the sweeper: this process keeps it alive no longer. */
  isLeft: boolean;
}

/** One lease as its holder has it: what is in it, and whether it admits. Money that was charged in it is gone, what was freed is there again. */
export class Lease {
  /** `asked`: the cache has not answered. `closing`: the message that says what is open is on its way. `over`: nothing is in it any more. */
  phase: 'asked' | 'usable' | 'closing' | 'over' = 'asked';
  /** It is to be closed as soon as it is there. */
  isUnwanted = false;
  /** The calls that it has admitted, those that are over among them. */
  readonly admitted: string[] = [];
  private readonly calls = new Map<string, LeasedCall>();
  private granted = 0n;
  /** What its open calls hold. */
  private held = 0n;
  private charge = 0n;
  private position = -1n;

  /** @param endsAtMs when nothing is admitted any more, by the clock that `admit` is asked with */
  constructor(
    readonly request: HoldRequest,
    readonly endsAtMs: number,
  ) {}

  /** The cache has granted it. */
  begin(granted: bigint): void {
    this.granted = granted;
    this.phase = 'usable';
  }

  /** The call's whole amount, or undefined: it is none of this lease's key as it was then, or there is no room or time for it. */
  admit({ holdId, budgets, amount, guards, context }: HoldRequest, nowMs: number): bigint | undefined {
    if (this.phase !== 'usable' || nowMs >= this.endsAtMs) return undefined;
    if (!this.isUnder(guards) || !this.isOf(budgets)) return undefined;
    if (this.room < amount) return undefined;
    this.held += amount;
    this.admitted.push(holdId);
    const hold = { holdId, budgets, granted: amount, context };
    this.calls.set(holdId, { hold, deliveredTokens: () => 0, charged: undefined, isLeft: false });
    return amount;
  }

  /** It claims of these budgets: a call of a new period of its team's is held against others. Nearly always it is the key's own list. */
  isOf(budgets: readonly BudgetKey[]): boolean {
    const own = this.request.budgets;
    if (own === budgets) return true;
    return own.length === budgets.length && own.every((budget, index) => budget === budgets[index]);
  }

  call(holdId: string): LeasedCall | undefined {
    return this.calls.get(holdId);
  }

  /**
   * A call is charged. While the lease is usable what is in the log becomes part of the lease's own charge; once the message is on its way that is
   * too late, and the call's hold is settled as any other.
   */
  charged(holdId: string, charged: Charged): void {
    const call = this.calls.get(holdId);
    if (!call) return;
    call.charged = charged;
    call.deliveredTokens = () => 0;
    const { charge, position } = charged;
    if (this.phase !== 'usable' || position === undefined) return;
    this.drop(holdId, call);
    this.charge += charge;
    if (charge > 0n && position > this.position) this.position = position;
  }

  /** A call cost nothing. What it held is there again, unless the message already says that it is open. */
  free(holdId: string): void {
    const call = this.calls.get(holdId);
    if (call) this.drop(holdId, call);
  }

  /** What its calls were charged while it was usable, where that is anything. */
  get settled(): LeaseEnd['settled'] {
    return this.charge > 0n ? { charge: this.charge, position: this.position } : undefined;
  }

  /** The message that closes it, as things are now. */
  end(): LeaseEnd {
    return {
      leaseId: this.request.holdId,
      settled: this.settled,
      calls: [...this.calls.values()].map(toOpenHold),
    };
  }

  /** Empties it: the calls that are still in it. */
  finish(): readonly LeasedCall[] {
    this.phase = 'over';
    const calls = [...this.calls.values()];
    this.calls.clear();
    return calls;
  }

  /** Whether it was taken under these very revisions. */
  isUnder(guards: HoldRequest['guards']): boolean {
    const own = this.request.guards;
    return (
      guards.length === own.length &&
      guards.every(({ key, revision }, index) => own[index]?.key === key && own[index].revision === revision)
    );
  }

  /** Whether it was taken under an older revision than one of these. */
  isOlderThan(guards: HoldRequest['guards']): boolean {
    return this.request.guards.some((own) =>
      guards.some(({ key, revision }) => key === own.key && own.revision < revision),
    );
  }

  /** What it can still admit. */
  get room(): bigint {
    return this.granted - this.held - this.charge;
  }

  private drop(holdId: string, call: LeasedCall): void {
    this.calls.delete(holdId);
    this.held -= call.hold.granted;
  }
}

function toOpenHold({ hold, deliveredTokens, charged }: LeasedCall): OpenHold {
  const open = { ...hold, deliveredTokens: deliveredTokens(), leaseExpiresAtMs: 0 };
  if (charged?.position === undefined) return open;
  return { ...open, settled: { charge: charged.charge, position: charged.position } };
}
