import { SPARED_MS } from '../hold-leasing.js';
import type { BudgetKey, BudgetSnapshot, Guard, OpenHold } from '../cached-balance.js';
import { Budget } from './budget.js';

/** How long the id of a resolved hold is remembered. */
const RESOLVED_TTL_MS = 60_000;
/** How long a balance that came for a budget that is not cached outdates snapshots read before it. */
const FLOOR_TTL_MS = 60_000;

/** A hold as the twin keeps it. */
export type StoredHold = { -readonly [Field in keyof OpenHold]: OpenHold[Field] };

/** Budgets, guards and holds of one process, and the rules by which they move together. */
export class LedgerMemory {
  readonly holds = new Map<string, StoredHold>();
  /** The guards that leases were taken under, by hold id. */
  readonly leases = new Map<string, readonly Guard[]>();
  /** Of these no lease is granted. */
  readonly spared: ExpiringMap<BudgetKey, true>;
  private readonly budgets = new Map<BudgetKey, Budget>();
  private readonly guards = new Map<BudgetKey, bigint>();
  private readonly resolvedIds: ExpiringMap<string, true>;
  private readonly floors: ExpiringMap<BudgetKey, bigint>;

  constructor(nowMs: () => number) {
    this.resolvedIds = new ExpiringMap(RESOLVED_TTL_MS, nowMs);
    this.spared = new ExpiringMap(SPARED_MS, nowMs);
    this.floors = new ExpiringMap(FLOOR_TTL_MS, nowMs);
  }

  budget(key: BudgetKey): Budget {
    let budget = this.budgets.get(key);
    if (!budget) this.budgets.set(key, (budget = new Budget()));
    return budget;
  }

  isLoaded(key: BudgetKey): boolean {
    return this.budgets.get(key)?.projected !== undefined;
  }

  isResolved(holdId: string): boolean {
    return this.resolvedIds.get(holdId) ?? false;
  }

  /** The guard's own revision where the caller's copy is older than it; otherwise the guard is at least the caller's afterwards. */
  outdatedBy({ key, revision }: Guard): bigint | undefined {
    const known = this.guards.get(key);
    if (known !== undefined && known > revision) return known;
    this.guards.set(key, revision);
    return undefined;
  }

  raise(guard: Guard): void {
    this.outdatedBy(guard);
  }

  revision(key: BudgetKey): bigint {
    return this.guards.get(key) ?? -1n;
  }

  /** A hold starts to count, in every budget whose balance does not contain its charge. Resolved at once when that is none. */
  open(hold: StoredHold): void {
    this.holds.set(hold.holdId, hold);
    for (const key of hold.budgets) {
      this.budget(key).claim(hold.holdId, hold.settled?.charge ?? hold.granted, hold.settled?.position);
    }
    this.resolveUnlessClaiming(hold);
  }

  /** As `open`, unless the hold is known or over. */
  register(hold: StoredHold): void {
    if (!this.holds.has(hold.holdId) && !this.isResolved(hold.holdId)) this.open(hold);
  }

  settle(hold: StoredHold, charge: bigint, position: bigint): void {
    // A lease that is settled is closed.
    this.leases.delete(hold.holdId);
    hold.settled = { charge, position };
    for (const key of hold.budgets) {
      const budget = this.budget(key);
      if (budget.isClaimedBy(hold.holdId)) budget.claim(hold.holdId, charge, position);
    }
    this.resolveUnlessClaiming(hold);
  }

  /** The hold counts nowhere any more, and its id cannot be used again for a while. */
  resolve(holdId: string): void {
    for (const key of this.holds.get(holdId)?.budgets ?? []) this.budget(key).forget(holdId);
    this.holds.delete(holdId);
    this.leases.delete(holdId);
    this.resolvedIds.set(holdId, true);
  }

  load({ budget: key, balance, position, revision }: BudgetSnapshot): void {
    this.raise({ key, revision });
    if (!this.isLoaded(key) && (this.floors.get(key) ?? position) > position) return;
    this.project(key, balance, position);
  }

  /** The projector's newer balance: for a budget that is not cached it only outdates what is being read meanwhile. */
  apply({ budget: key, balance, position }: Omit<BudgetSnapshot, 'revision'>): void {
    if (this.isLoaded(key)) this.project(key, balance, position);
    else if ((this.floors.get(key) ?? position) <= position) this.floors.set(key, position);
  }

  private project(key: BudgetKey, balance: bigint, position: bigint): void {
    for (const holdId of this.budget(key).project(balance, position)) {
      const hold = this.holds.get(holdId);
      if (hold) this.resolveUnlessClaiming(hold);
    }
  }

  private resolveUnlessClaiming(hold: StoredHold): void {
    if (!hold.budgets.some((key) => this.budget(key).isClaimedBy(hold.holdId))) this.resolve(hold.holdId);
  }
}

/** A map whose entries are forgotten `ttlMs` after they were set; they leave in the order they came, so that purging is cheap. */
class ExpiringMap<Key, Value> {
  private readonly entries = new Map<Key, { readonly value: Value; readonly until: number }>();

  constructor(
    private readonly ttlMs: number,
    private readonly nowMs: () => number,
  ) {}

  get(key: Key): Value | undefined {
    const entry = this.entries.get(key);
    return entry && entry.until > this.nowMs() ? entry.value : undefined;
  }

  set(key: Key, value: Value): void {
    const now = this.nowMs();
    this.purge(now);
    // Deleted first, so that it moves to the end of the order.
    this.entries.delete(key);
    this.entries.set(key, { value, until: now + this.ttlMs });
  }

  delete(key: Key): void {
    this.entries.delete(key);
  }

  private purge(now: number): void {
    for (const [key, { until }] of this.entries) {
      if (until > now) return;
      this.entries.delete(key);
    }
  }
}
