import type pg from 'pg';
import type { EventStore } from '../eventstore/event-store.js';
import { ledgerProjections, statisticsProjections } from './all-projections.js';
import type { CachedBalance } from '../balance/cached-balance.js';
import { CacheFeed } from './balance/cache-feed.js';
import { GroupRunner } from './runtime/group-runner.js';
import type { Batch, Projection } from './runtime/projection.js';
import type { GroupStatus, ProjectionObserver } from './runtime/status.js';
import type { PositionWaiter } from './runtime/waiter.js';

export interface ProjectorOptions {
  readonly store: EventStore;
  /** At least six connections: one a group, four for a rebuild. */
  readonly pool: pg.Pool;
  readonly cachedBalance: CachedBalance;
  /** Told of every position passed, in this process. */
  readonly waiter: PositionWaiter;
  /** IANA name; the days of the statistics begin in it. */
  readonly timeZone: string;
  readonly now?: () => Date;
  readonly observer?: ProjectionObserver;
  /** The safety net under the store's doorbell; default 1,000. */
  readonly pollIntervalMs?: number;
  readonly maxBatchEvents?: number;
  /** How long events of the ledger come together where nobody waits for them; default 200. */
  readonly gatherMs?: number;
  /** Tells when somebody of another process waits for an event of the ledger. */
  readonly awaited?: { subscribe(onAwaited: () => void): () => void };
  /** Other than the ledger's own: for tests. */
  readonly ledger?: readonly Projection[];
}

/** A running projector: two groups, each with a transaction a batch and a checkpoint of its own. */
export interface Projector {
  /** For /readyz and /metrics; asks the log for its end. */
  status(): Promise<readonly GroupStatus[]>;
  /** Ends the batches under way. */
  stop(): Promise<void>;
}

/**
 * Installs the tables, refuses a log they were not made from, builds outdated ones anew, then follows the log.
 *
 * @throws WrongLog, EventStoreUnavailable
 */
export async function startProjector(options: ProjectorOptions): Promise<Projector> {
  const { awaited, cachedBalance, gatherMs, waiter, observer, store, pool, ...given } = options;
  const shared = { ...given, observer, store, pool, now: options.now ?? (() => new Date()) };
  const feed = new CacheFeed({
    cache: cachedBalance,
    store,
    db: pool,
    onFault: (error) => observer?.faulted?.('cached-balance', error),
  });
  const afterCommit = async (batch: Batch): Promise<void> => {
    await feed.committed(batch);
    // Without its cache a position still counts as passed: the tables have it, and nothing can be held meanwhile.
    waiter.advanced(batch.position);
  };
  const ledger = new GroupRunner({
    ...shared,
    group: 'ledger',
    gatherMs,
    projections: options.ledger ?? ledgerProjections,
    beforeFirst: (position) => feed.start(position),
    afterCommit,
  });
  const days = new GroupRunner({
    ...shared,
    group: 'statistics',
    projections: statisticsProjections(options.timeZone),
  });
  const stopListening = cachedBalance.onLost(() => {
    feed.forget();
    ledger.ring();
  });
  const hurry = () => ledger.hurry();
  const detach = waiter.attach(hurry);
  const stopHurrying = awaited?.subscribe(hurry);
  const stop = async (): Promise<void> => {
    stopListening();
    stopHurrying?.();
    detach();
    await Promise.all([ledger.stop(), days.stop()]);
  };
  try {
    await ledger.start();
    await days.start();
  } catch (error) {
    await stop();
    throw error;
  }
  return { status: () => Promise.all([ledger.status(), days.status()]), stop };
}
