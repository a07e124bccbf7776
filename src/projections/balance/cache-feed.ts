import { performance } from 'node:perf_hooks';
import { appliedEventText } from '../../eventstore/applied-event-json.js';
import type { EventStore } from '../../eventstore/event-store.js';
import { decodeForTables } from '../runtime/decode-event.js';
import type { Batch, Queryable } from '../runtime/projection.js';
import { pauseMs } from '../../support/backoff.js';
import { cacheEffects } from './cache-effects.js';
import type { CachedBalance } from '../../balance/cached-balance.js';
import { readBudgets } from './query.js';

export interface CacheFeedOptions {
  readonly cache: CachedBalance;
  readonly store: EventStore;
  readonly db: Queryable;
  readonly onFault: (error: Error) => void;
}

const AFTER_FAILURE = { baseDelayMs: 100, maxDelayMs: 5_000 };
const CATCH_UP_EVENTS = 1_000;

/**
 * Takes every committed batch to the cached balance, in log order, none left out.
 *
 * While the cache cannot be reached the read models go on without it (nothing can be held then anyway); what it missed is not kept
 * but read from the log again, from the cache's own applied position, as soon as it answers: at most every 5 s. The same happens
 * after a crash between commit and apply, whichever projector crashed. A new or lost cache does not know its position; it is told
 * everything since the last position that it was known to have had, which no table read after the loss can be older than.
 */
export class CacheFeed {
  /** Where the cache is; undefined: it has to be asked. */
  private applied: bigint | undefined;
  private readonly mark: FeedMark;
  private failures = 0;
  /** By the steady clock: the one of the day may be set back. */
  private retryAtMs = 0;

  constructor(private readonly options: CacheFeedOptions) {
    this.mark = new FeedMark(options.db);
  }

  /** Before the first batch. `position`: of the tables. */
  start(position: bigint): Promise<void> {
    return this.mark.start(position);
  }

  /** The cache was lost or replaced: ask it where it is before the next batch. */
  forget(): void {
    this.applied = undefined;
    this.retryAtMs = 0;
  }

  /** A batch, or an empty one to say where the tables are. Never rejects: a failing cache must not stop the ledger. */
  async committed(batch: Batch): Promise<void> {
    if (performance.now() < this.retryAtMs) return;
    try {
      if (this.applied !== batch.position) await this.bringTo(batch);
      this.applied = batch.position;
      this.failures = 0;
      await this.mark.reached(batch.position);
    } catch (error) {
      this.applied = undefined;
      this.retryAtMs = performance.now() + pauseMs(AFTER_FAILURE, this.failures++);
      this.options.onFault(error instanceof Error ? error : new Error(String(error)));
    }
  }

  private async bringTo(batch: Batch): Promise<void> {
    let position = this.applied ?? (await this.options.cache.appliedPosition()) ?? this.mark.position;
    if (position < batch.after) position = await this.catchUp(position, batch.after);
    if (position < batch.position) await this.apply(batch);
  }

  private async catchUp(from: bigint, target: bigint): Promise<bigint> {
    for (let position = from; position < target;) {
      const page = await this.options.store.readAll({ after: position, limit: CATCH_UP_EVENTS });
      const events = page.events.filter((event) => event.position <= target).map(decodeForTables);
      const end = page.atEnd || page.position > target ? target : page.position;
      await this.apply({ after: position, position: end, events });
      position = end;
    }
    return target;
  }

  /** Guards first: whoever sees the applied position sees them raised. */
  private async apply(batch: Batch): Promise<void> {
    const { cache, db } = this.options;
    const { budgets, resolvedHolds, guards } = cacheEffects(batch.events, new Date());
    if (guards.length > 0) await cache.raiseGuards(guards);
    const balances = budgets.length > 0 ? await readBudgets(db, budgets, batch.after) : [];
    const last = batch.events.at(-1);
    await cache.apply({
      position: batch.position,
      last: last && appliedEventText(last),
      balances,
      resolvedHolds,
    });
  }
}

const WRITE_INTERVAL_MS = 1_000;

/** The last position that a cache was known to have been told of, across restarts. Written now and then: an older one costs only repetition. */
class FeedMark {
  private known = -1n;
  private written = -1n;
  private writeAtMs = 0;

  constructor(private readonly db: Queryable) {}

  get position(): bigint {
    return this.known;
  }

  /** Reads it. The first projector ever begins where the tables are. */
  async start(position: bigint): Promise<void> {
    await this.db.query('INSERT INTO projection_cache_feed (position) VALUES ($1) ON CONFLICT DO NOTHING', [
      position,
    ]);
    const { rows } = await this.db.query<{ position: bigint }>('SELECT position FROM projection_cache_feed');
    this.written = rows[0]?.position ?? position;
    this.known = this.written;
  }

  async reached(position: bigint): Promise<void> {
    if (position > this.known) this.known = position;
    if (this.known === this.written || performance.now() < this.writeAtMs) return;
    await this.db.query('UPDATE projection_cache_feed SET position = greatest(position, $1)', [this.known]);
    this.written = this.known;
    this.writeAtMs = performance.now() + WRITE_INTERVAL_MS;
  }
}
