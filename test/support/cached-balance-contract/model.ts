import type {
  BudgetKey,
  BudgetSnapshot,
  Guard,
  HoldOutcome,
  HoldRequest,
} from '../../../src/balance/cached-balance.js';
import { LEASE_SHARE } from '../../../src/balance/hold-leasing.js';

interface ModelHold {
  readonly holdId: string;
  readonly budgets: readonly BudgetKey[];
  readonly granted: bigint;
  settled?: { readonly charge: bigint; readonly position: bigint };
}

/**
 * The cached balance in its plainest form: nothing is counted up or down, everything is derived each time anew. A hold counts in a
 * budget unless its charge is at or below that budget's position; it is open while it counts anywhere.
 */
export class Model {
  readonly budgets = new Map<BudgetKey, { balance: bigint; position: bigint }>();
  readonly guards = new Map<BudgetKey, bigint>();
  private readonly floors = new Map<BudgetKey, bigint>();
  private holds: ModelHold[] = [];
  private readonly over = new Set<string>();
  private readonly leases = new Map<string, readonly Guard[]>();

  claimsOf(budget: BudgetKey): readonly ModelHold[] {
    const position = this.budgets.get(budget)?.position;
    return this.holds.filter(
      ({ budgets, settled }) =>
        budgets.includes(budget) && !(settled && position !== undefined && settled.position <= position),
    );
  }

  held(budget: BudgetKey): bigint {
    return this.claimsOf(budget).reduce(
      (sum, { granted, settled }) => sum + (settled?.charge ?? granted),
      0n,
    );
  }

  isOpen(holdId: string): boolean {
    return this.holds.some((hold) => hold.holdId === holdId);
  }

  hold({ holdId, budgets, amount, atLeast, guards }: HoldRequest, share = 1n): HoldOutcome | 'resolved' {
    const known = this.holds.find((hold) => hold.holdId === holdId);
    if (known) return { outcome: 'held', granted: known.granted };
    if (this.over.has(holdId)) return 'resolved';
    const keys = new Set([...budgets, ...guards.map(({ key }) => key)]);
    const missing = [...keys].filter((key) => !this.budgets.has(key));
    if (missing.length > 0) return { outcome: 'missing', budgets: missing };
    for (const guard of guards) {
      const known = this.guards.get(guard.key) as bigint;
      if (guard.revision < known) return { outcome: 'stale', key: guard.key, revision: known };
      this.raise(guard);
    }
    const rows = budgets.map((budget) => {
      const { balance } = this.budgets.get(budget) as { balance: bigint };
      return { budget, available: balance - this.held(budget) };
    });
    const least = rows.reduce((a, b) => (b.available < a.available ? b : a));
    const affordable = least.available > 0n ? least.available / share : 0n;
    const granted = amount < affordable ? amount : affordable;
    if (granted < atLeast) return { outcome: 'insufficient', needed: atLeast, ...least };
    this.holds.push({ holdId, budgets, granted });
    return { outcome: 'held', granted };
  }

  takeLease(request: HoldRequest): HoldOutcome | 'resolved' {
    const isKnown = this.isOpen(request.holdId);
    const outcome = this.hold(request, LEASE_SHARE);
    if (outcome !== 'resolved' && outcome.outcome === 'held' && !isKnown)
      this.leases.set(request.holdId, request.guards);
    return outcome;
  }

  closeLease(leaseId: string, settled: ModelHold['settled'], calls: readonly ModelHold[]): string {
    this.leases.delete(leaseId);
    const lease = this.holds.find(({ holdId }) => holdId === leaseId);
    if (!lease || lease.settled) return 'unknown';
    for (const call of calls) this.register(call);
    if (settled) this.settle(leaseId, settled.charge, settled.position);
    else this.release(leaseId);
    return 'closed';
  }

  isLeased({ key, revision }: Guard): boolean {
    return this.holds.some(
      ({ holdId, settled }) =>
        !settled && this.leases.get(holdId)?.some((taken) => taken.key === key && taken.revision < revision),
    );
  }

  settle(holdId: string, charge: bigint, position: bigint): void {
    const hold = this.holds.find((candidate) => candidate.holdId === holdId);
    if (hold) hold.settled = { charge, position };
    this.dropUncounted();
  }

  release(holdId: string): void {
    this.over.add(holdId);
    this.holds = this.holds.filter((hold) => hold.holdId !== holdId);
  }

  register(hold: ModelHold): void {
    if (this.over.has(hold.holdId) || this.isOpen(hold.holdId)) return;
    this.holds.push({ ...hold });
    this.dropUncounted();
  }

  load({ budget, balance, position, revision }: BudgetSnapshot): void {
    this.raise({ key: budget, revision });
    if (!this.budgets.has(budget) && position < (this.floors.get(budget) ?? position)) return;
    this.project(budget, balance, position);
  }

  apply(balances: readonly Omit<BudgetSnapshot, 'revision'>[], resolved: readonly string[]): void {
    for (const { budget, balance, position } of balances) {
      if (this.budgets.has(budget)) this.project(budget, balance, position);
      else if (position > (this.floors.get(budget) ?? -1n)) this.floors.set(budget, position);
    }
    for (const holdId of resolved) this.release(holdId);
  }

  raise({ key, revision }: Guard): void {
    if (revision > (this.guards.get(key) ?? -1n)) this.guards.set(key, revision);
  }

  private project(budget: BudgetKey, balance: bigint, position: bigint): void {
    if (position <= (this.budgets.get(budget)?.position ?? -1n)) return;
    this.budgets.set(budget, { balance, position });
    this.dropUncounted();
  }

  private dropUncounted(): void {
    for (const { holdId, budgets } of this.holds) {
      const counts = budgets.some((budget) => this.claimsOf(budget).some((claim) => claim.holdId === holdId));
      if (!counts) this.release(holdId);
    }
  }
}
