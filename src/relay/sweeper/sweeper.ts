import type { UsageWriter } from '../../commands/usage/record-usage.js';
import { decodeHoldContext, type CallContext, type LeaseContext } from '../../domain/hold/hold-context.js';
import type { EventStore } from '../../eventstore/event-store.js';
import type { AbandonedLease } from '../../domain/lease/state.js';
import type { BudgetKey, OpenHold } from '../../balance/cached-balance.js';
import type { LeasedBalance } from '../../balance/hold-leasing.js';
import type { Log } from '../../support/log.js';
import { repeat } from '../../support/repeat.js';
import { abandonedCall } from './abandoned-call.js';
import { abandonedLease } from './abandoned-lease.js';
import { findTakeBack } from './take-back.js';

const MAX_HOLDS = 200;

export interface SweeperOptions {
  readonly balance: Pick<LeasedBalance, 'expired' | 'settle' | 'release' | 'renew' | 'closeLease'>;
  readonly store: Pick<EventStore, 'readStream' | 'head'>;
  readonly writer: UsageWriter;
  /** Says in the log that a lease was given up, and where that stands. Undefined: an older version may be at work, which could not read it. */
  readonly recordLease: (lease: AbandonedLease) => Promise<bigint | undefined>;
  readonly log: Log;
  /** How long a lease lives; the sweeper looks three times as often. */
  readonly leaseMs: number;
  /** Reads these budgets from the read models into the cache: a charge that a balance contains frees its hold. */
  readonly loadBudgets: (budgets: readonly BudgetKey[]) => Promise<void>;
  /** This process still works on the call, or has the lease: it was only not renewed, or closed, in time. */
  readonly isOurs: (holdId: string) => boolean;
}

export interface Sweeper {
  readonly resolved: number;
  /** Of those, leases: what was open in them cost nothing. */
  readonly leases: number;
  /** Holds that nobody can resolve: their context is unreadable. */
  readonly unresolvable: number;
  /** Looks once. Rejects with what the cache or the log rejected with; the holds left are found again. */
  sweep(): Promise<void>;
  stop(): Promise<void>;
}

/** Resolves the holds of dead processes: each ends in an event that was there, in a named event now, or in a release. */
export function startSweeper(options: SweeperOptions): Sweeper {
  return new LeaseSweeper(options);
}

class LeaseSweeper implements Sweeper {
  resolved = 0;
  leases = 0;
  private readonly unresolved = new Set<string>();
  private readonly stopTicking: () => Promise<void>;

  constructor(private readonly options: SweeperOptions) {
    const everyMs = Math.floor(options.leaseMs / 3);
    this.stopTicking = repeat(everyMs, async () => {
      await this.sweep().catch((error: unknown) => {
        options.log.warn(
          { err: error },
          'holds whose lease ran out could not be resolved; it is tried again',
        );
      });
      return everyMs;
    });
  }

  get unresolvable(): number {
    return this.unresolved.size;
  }

  stop(): Promise<void> {
    return this.stopTicking();
  }

  async sweep(): Promise<void> {
    const expired = await this.options.balance.expired(MAX_HOLDS);
    const waiting = expired.filter(({ settled, holdId }) => settled ?? this.options.isOurs(holdId));
    const orphans = expired.filter((hold) => !waiting.includes(hold));
    await this.loadBalancesOf(expired.filter(({ settled }) => settled));
    // A durable charge waits for its projection only, and what is ours is still being worked on: both are looked at later.
    await this.postpone(waiting);
    const results = await Promise.allSettled(orphans.map((hold) => this.resolve(hold)));
    const failure = results.find(({ status }) => status === 'rejected');
    if (failure?.status === 'rejected') throw failure.reason;
  }

  /** Nobody may have used the account since the cache was new: then no newer balance has come by to free the hold. */
  private async loadBalancesOf(settled: readonly OpenHold[]): Promise<void> {
    const budgets = new Set(settled.flatMap((hold) => hold.budgets));
    if (budgets.size > 0) await this.options.loadBudgets([...budgets]);
  }

  private async resolve(hold: OpenHold): Promise<void> {
    const context = decodeHoldContext(hold.context);
    if (!context) return this.giveUp(hold);
    if (context.kind === 'call') await this.resolveCall(hold, context);
    else if (context.kind === 'lease') await this.resolveLease(hold, context);
    else if ((await this.resolveTakeBack(hold, context.stream)) === 'kept') return;
    this.resolved += 1;
  }

  private async resolveCall(hold: OpenHold, context: CallContext): Promise<void> {
    const { balance, writer, log, leaseMs } = this.options;
    const event = abandonedCall(hold, context, leaseMs);
    const { usage_after: after } = context;
    const { position, quota, how } = await writer.end({
      event,
      recovered: true,
      after: after === undefined ? undefined : BigInt(after),
    });
    await balance.settle([{ holdId: hold.holdId, charge: quota, position }]);
    if (how === 'found') return;
    log.warn(
      { callId: hold.holdId, quota: quota.toString() },
      'the process of a call died: what was delivered is charged',
    );
  }

  /**
   * What its holder charged is in the log before the event that says so, long behind the death, and the lease claims all that it was granted until
   * the tables have that. Its calls were open for less than its time, and are known to nobody: they cost nothing.
   */
  private async resolveLease(hold: OpenHold, context: LeaseContext): Promise<void> {
    const { balance, log, recordLease } = this.options;
    const { holdId, granted } = hold;
    // First said, then given back: whoever dies in between leaves a lease that is swept once more.
    const position = (await recordLease(abandonedLease(hold, context))) ?? (await this.endOfLog());
    const settled = { charge: granted, position };
    if ((await balance.closeLease({ leaseId: holdId, settled, calls: [] })) !== 'closed') return;
    this.leases += 1;
    log.warn(
      { leaseId: holdId, granted: granted.toString(), holder: context.holder, takenAt: context.taken_at },
      'the process of a lease of holds died: what it charged is in the log, calls that were open in it cost nothing',
    );
  }

  private async endOfLog(): Promise<bigint> {
    const end = await this.options.store.head();
    return end > 0n ? end : 0n;
  }

  private async resolveTakeBack(hold: OpenHold, stream: string): Promise<'resolved' | 'kept'> {
    const { balance, store, log } = this.options;
    const found = await findTakeBack(store, stream, hold.holdId);
    if (found === 'awaited') {
      await this.postpone([hold]);
      return 'kept';
    }
    if (found) {
      await balance.settle([{ holdId: hold.holdId, ...found }]);
      return 'resolved';
    }
    await balance.release([hold.holdId]);
    log.warn(
      { holdId: hold.holdId, stream },
      'a refund or adjustment was held for but never recorded: the hold is released',
    );
    return 'resolved';
  }

  private async giveUp(hold: OpenHold): Promise<void> {
    this.unresolved.add(hold.holdId);
    this.options.log.error(
      { holdId: hold.holdId },
      'nobody can resolve this hold: its context cannot be read',
    );
    await this.postpone([hold]);
  }

  /** Holds that must stay make room for others in the next look. */
  private async postpone(holds: readonly OpenHold[]): Promise<void> {
    if (holds.length === 0) return;
    await this.options.balance.renew(
      holds.map(({ holdId, deliveredTokens }) => ({ holdId, deliveredTokens })),
    );
  }
}
