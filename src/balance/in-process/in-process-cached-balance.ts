import {
  type BudgetKey,
  type BudgetSnapshot,
  type BudgetView,
  type CachedBalance,
  CacheUnavailable,
  type FarthestSeen,
  type Guard,
  HoldAlreadyResolved,
  type HoldOutcome,
  type HoldRequest,
  type OpenHold,
} from '../cached-balance.js';
import { LEASE_SHARE, type LeasedBalance, type LeaseEnd } from '../hold-leasing.js';
import * as limits from '../limits.js';
import { closeLease, isLeased, spare } from './close-lease.js';
import { JournalWriter } from './journal-writer.js';
import type { LeaseJournal } from './lease-journal.js';
import { LedgerMemory, type StoredHold } from './ledger-memory.js';
import { firstStale, missingKeys, placeHold } from './place-hold.js';
import { SweepGate } from './sweep-gate.js';

export interface InProcessOptions {
  /** How long a hold lives without a heartbeat. Default 15,000. */
  readonly leaseMs?: number;
  readonly journal?: LeaseJournal;
  /** How soon a change of the open holds is in the journal. Default 250. */
  readonly journalIntervalMs?: number;
  /** Milliseconds since 1970. */
  readonly nowMs?: () => number;
}

/**
 * The cached balance in this process's memory: exact as long as this is the only process that places holds.
 *
 * It cannot be lost while its process lives, so it never recovers and never calls `onLost`. Holds that an earlier process left in
 * the journal count against their budgets from the start, and their owner is certainly dead: the first `expired` answers them.
 */
export class InProcessCachedBalance implements LeasedBalance {
  private readonly nowMs: () => number;
  private readonly leaseMs: number;
  private readonly memory: LedgerMemory;
  private readonly sweepGate: SweepGate;
  private readonly journal: JournalWriter | undefined;
  /** Of an earlier process, and not renewed by anybody here. */
  private readonly leftovers: Set<string>;
  private applied: bigint | undefined;
  private last: string | undefined;
  private seen: FarthestSeen | undefined;
  private closed = false;

  constructor({ leaseMs = 15_000, journal, journalIntervalMs = 250, nowMs = Date.now }: InProcessOptions) {
    this.nowMs = nowMs;
    this.leaseMs = leaseMs;
    this.memory = new LedgerMemory(nowMs);
    this.sweepGate = new SweepGate(leaseMs);
    const leftovers = journal?.leftovers ?? [];
    this.leftovers = new Set(leftovers.map(({ holdId }) => holdId));
    for (const hold of leftovers) this.memory.open({ ...hold });
    this.journal =
      journal && new JournalWriter(journal, () => [...this.memory.holds.values()], journalIntervalMs);
  }

  async hold(request: HoldRequest): Promise<HoldOutcome> {
    limits.assertHoldRequest(request);
    return this.change(() => this.placeUnlessKnown(request));
  }

  async takeLease(request: HoldRequest): Promise<HoldOutcome> {
    limits.assertLeaseRequest(request);
    return this.change(() => {
      const isKnown = this.memory.holds.has(request.holdId);
      const outcome = this.placeUnlessKnown(request, LEASE_SHARE);
      if (outcome.outcome === 'held' && !isKnown) this.memory.leases.set(request.holdId, request.guards);
      return outcome;
    });
  }

  async closeLease(end: LeaseEnd): ReturnType<LeasedBalance['closeLease']> {
    limits.assertLeaseEnd(end);
    return this.change(() => closeLease(this.memory, end, this.nowMs() + this.leaseMs));
  }

  async isLeased(guards: readonly Guard[]): Promise<boolean> {
    limits.assertGuards(guards);
    return this.step(() => isLeased(this.memory, guards));
  }

  async spare(budget: BudgetKey): Promise<boolean> {
    limits.assertBudgetKey(budget);
    return this.step(() => spare(this.memory, budget));
  }

  async load(snapshots: readonly BudgetSnapshot[]): Promise<void> {
    limits.assertSnapshots(snapshots);
    return this.change(() => snapshots.forEach((snapshot) => this.memory.load(snapshot)));
  }

  async settle(settlements: Parameters<CachedBalance['settle']>[0]): Promise<void> {
    limits.assertSettlements(settlements);
    return this.change(() => {
      for (const { holdId, charge, position } of settlements) {
        const hold = this.memory.holds.get(holdId);
        if (hold) this.memory.settle(hold, charge, position);
      }
    });
  }

  async release(holdIds: readonly string[]): Promise<void> {
    limits.assertHoldIds(holdIds);
    return this.change(() => holdIds.forEach((holdId) => this.memory.resolve(holdId)));
  }

  async renew(heartbeats: Parameters<CachedBalance['renew']>[0]): Promise<readonly string[]> {
    limits.assertHeartbeats(heartbeats);
    return this.change(() => {
      const leaseExpiresAtMs = this.nowMs() + this.leaseMs;
      return heartbeats
        .filter(({ holdId, deliveredTokens }) => {
          const hold = this.memory.holds.get(holdId);
          if (!hold) return true;
          this.leftovers.delete(holdId);
          hold.leaseExpiresAtMs = leaseExpiresAtMs;
          hold.deliveredTokens = Math.max(hold.deliveredTokens, deliveredTokens);
          return false;
        })
        .map(({ holdId }) => holdId);
    });
  }

  async register(holds: readonly OpenHold[]): Promise<void> {
    limits.assertOpenHolds(holds);
    return this.change(() => {
      const leaseExpiresAtMs = this.nowMs() + this.leaseMs;
      for (const hold of holds) this.memory.register({ ...hold, leaseExpiresAtMs });
    });
  }

  async apply(batch: Parameters<CachedBalance['apply']>[0]): Promise<void> {
    limits.assertApply(batch);
    return this.change(() => {
      for (const balance of batch.balances) this.memory.apply(balance);
      for (const holdId of batch.resolvedHolds) this.memory.resolve(holdId);
      if (this.applied !== undefined && batch.position <= this.applied) return;
      this.applied = batch.position;
      this.last = batch.last ?? this.last;
    });
  }

  appliedPosition(): Promise<bigint | undefined> {
    return Promise.resolve(this.applied);
  }

  lastApplied(): Promise<string | undefined> {
    return Promise.resolve(this.last);
  }

  async noteSeen(seen: FarthestSeen): Promise<void> {
    limits.assertSeen(seen);
    return this.step(() => {
      if (this.seen === undefined || seen.position > this.seen.position) this.seen = seen;
    });
  }

  farthestSeen(): Promise<FarthestSeen | undefined> {
    return Promise.resolve(this.seen);
  }

  async raiseGuards(guards: readonly Guard[]): Promise<void> {
    limits.assertGuards(guards);
    return this.step(() => guards.forEach((guard) => this.memory.raise(guard)));
  }

  async checkGuards(guards: readonly Guard[]): ReturnType<CachedBalance['checkGuards']> {
    limits.assertGuards(guards);
    return this.step(() => {
      const missing = missingKeys(
        this.memory,
        guards.map(({ key }) => key),
      );
      return missing.length > 0 ? { outcome: 'missing', budgets: missing } : firstStale(this.memory, guards);
    });
  }

  async expired(limit: number): Promise<readonly OpenHold[]> {
    return this.step(() => {
      const now = this.nowMs();
      const open = this.sweepGate.pass(now);
      return [...this.memory.holds.values()]
        .filter((hold) => this.leftovers.has(hold.holdId) || (open && hold.leaseExpiresAtMs <= now))
        .sort((a, b) => a.leaseExpiresAtMs - b.leaseExpiresAtMs)
        .slice(0, limit)
        .map((hold) => ({ ...hold }));
    });
  }

  async view(budget: BudgetKey): Promise<BudgetView | undefined> {
    return this.step(() => {
      if (!this.memory.isLoaded(budget)) return undefined;
      const { projected, held, holdIds } = this.memory.budget(budget);
      const holds = holdIds.map((holdId) => ({ ...(this.memory.holds.get(holdId) as StoredHold) }));
      return projected && { budget, ...projected, revision: this.memory.revision(budget), held, holds };
    });
  }

  onLost(): () => void {
    return () => undefined;
  }

  async checkHealth(): Promise<void> {
    return this.step(() => this.journal?.assertWorking());
  }

  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    await this.journal?.close();
  }

  private placeUnlessKnown(request: HoldRequest, share?: bigint): HoldOutcome {
    this.journal?.assertWorking();
    const { holdId } = request;
    if (this.memory.isResolved(holdId)) throw new HoldAlreadyResolved(`the hold ${holdId} is over`);
    const known = this.memory.holds.get(holdId);
    if (known) return { outcome: 'held', granted: known.granted };
    return placeHold(this.memory, request, this.nowMs() + this.leaseMs, share);
  }

  /** A step that may change holds: the journal follows soon. */
  private change<Result>(action: () => Result): Promise<Result> {
    this.journal?.noteChange();
    return this.step(action);
  }

  /** One atomic step: nothing else of this process runs in between. */
  private step<Result>(action: () => Result): Promise<Result> {
    if (this.closed) throw new CacheUnavailable('the cached balance is closed');
    return Promise.resolve(action());
  }
}
