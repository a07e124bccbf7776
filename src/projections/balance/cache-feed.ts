import type { EventStore } from '../../eventstore/event-store.js';
import { decodeRecorded } from '../runtime/decode-page.js';
import type { Batch, Queryable } from '../runtime/projection.js';
import type { CachedBalance } from './cached-balance.js';
import { cacheEffects } from './cache-effects.js';
import { readBudgets } from './query.js';

export interface CacheFeedOptions {
  readonly cache: CachedBalance;
  readonly store: EventStore;
  readonly db: Queryable;
  readonly now: () => Date;
  readonly onFault: (error: Error) => void;
}

const FIRST_PAUSE_MS = 50;
const MAX_PAUSE_MS = 5_000;
const CATCH_UP_EVENTS = 1_000;

/**
 * Takes every committed batch to the cached balance, in log order, none left out.
 *
 * While the cache cannot be reached the read models go on without it (nothing can be held then anyway); what it missed is not kept
 * but read from the log again, from the cache's own applied position, as soon as it answers: at most every 5 s. The same happens
 * after a crash between commit and apply, whichever projector crashed.
 */
export class CacheFeed {
  /** Where the cache is known to be; undefined: it has to be asked. */
  #applied: bigint | undefined;
  #pauseMs = FIRST_PAUSE_MS;
  #retryAtMs = 0;

  constructor(private readonly options: CacheFeedOptions) {}

  /** The cache was lost or replaced: ask it where it is before the next batch. */
  forget(): void {
    this.#applied = undefined;
    this.#retryAtMs = 0;
  }

  /** Never rejects: a failing cache must not stop the ledger. */
  async committed(batch: Batch): Promise<void> {
    if (batch.position < 0n || this.#applied === batch.position) return;
    if (this.options.now().getTime() < this.#retryAtMs) return;
    try {
      if (this.#applied === batch.after) await this.#apply(batch);
      else await this.#catchUp(batch.position);
      this.#applied = batch.position;
      this.#pauseMs = FIRST_PAUSE_MS;
    } catch (error) {
      this.#applied = undefined;
      this.#retryAtMs = this.options.now().getTime() + this.#pauseMs;
      this.#pauseMs = Math.min(this.#pauseMs * 2, MAX_PAUSE_MS);
      this.options.onFault(error instanceof Error ? error : new Error(String(error)));
    }
  }

  /** Guards first: whoever sees the applied position sees them raised. */
  async #apply(batch: Batch): Promise<void> {
    const { cache, db } = this.options;
    const { budgets, resolvedHolds, guards } = cacheEffects(batch.events);
    if (guards.length > 0) await cache.raiseGuards(guards);
    const balances = budgets.length > 0 ? await readBudgets(db, budgets) : [];
    await cache.apply({ position: batch.position, balances, resolvedHolds });
  }

  async #catchUp(target: bigint): Promise<void> {
    const { cache, store } = this.options;
    const applied = await cache.appliedPosition();
    // A new or lost cache holds nothing that could be out of date: what it is asked for it loads from the tables.
    if (applied === undefined) return cache.apply({ position: target, balances: [], resolvedHolds: [] });
    let position = applied;
    while (position < target) {
      const page = await store.readAll({ after: position, limit: CATCH_UP_EVENTS });
      const events = page.events.filter((event) => event.position <= target).map(decodeRecorded);
      const end = page.atEnd || page.position > target ? target : page.position;
      await this.#apply({ after: position, position: end, events });
      position = end;
    }
  }
}
