import type { UsageWriter } from '../../commands/usage/record-usage.js';
import { decodeHoldContext, type CallContext } from '../../domain/hold/hold-context.js';
import type { EventStore } from '../../eventstore/event-store.js';
import type { BudgetKey, CachedBalance, OpenHold } from '../../balance/cached-balance.js';
import type { Log } from '../../support/log.js';
import { repeat } from '../../support/repeat.js';
import { abandonedCall } from './abandoned-call.js';
import { findTakeBack } from './take-back.js';

const MAX_HOLDS = 200;

export interface SweeperOptions {
  readonly balance: Pick<CachedBalance, 'expired' | 'settle' | 'release' | 'renew'>;
  readonly store: Pick<EventStore, 'readStream'>;
  readonly writer: UsageWriter;
  readonly log: Log;
  /** How long a lease lives; the sweeper looks three times as often. */
  readonly leaseMs: number;
  /** Reads these budgets from the read models into the cache: a charge that a balance contains frees its hold. */
  readonly loadBudgets: (budgets: readonly BudgetKey[]) => Promise<void>;
  /** This process still works on the call: its hold was only not renewed in time. */
  readonly isOurs: (callId: string) => boolean;
}

export interface Sweeper {
  readonly resolved: number;
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
    else await this.resolveTakeBack(hold, context.stream);
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

  private async resolveTakeBack(hold: OpenHold, stream: string): Promise<void> {
    const { balance, store, log } = this.options;
    const found = await findTakeBack(store, stream, hold.holdId);
    if (found) return balance.settle([{ holdId: hold.holdId, ...found }]);
    await balance.release([hold.holdId]);
    log.warn(
      { holdId: hold.holdId, stream },
      'a refund or adjustment was held for but never recorded: the hold is released',
    );
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
