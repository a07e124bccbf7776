import { BEFORE_FIRST, type EventStore } from '../../eventstore/event-store.js';
import { type CachedBalance, CacheUnavailable } from '../../balance/cached-balance.js';

export interface CaughtUpTablesOptions {
  readonly store: Pick<EventStore, 'head'>;
  /** Whether the tables have passed the position, waiting that long at most. */
  readonly waitFor: (position: bigint, timeoutMs: number) => Promise<boolean>;
  readonly cache: Pick<CachedBalance, 'onLost'>;
  /** How long one caller waits; below the time a read of balances may take. Default 1,500. */
  readonly timeoutMs?: number;
}

/**
 * Tells when balances may be read for a new or lost cache. Whatever was charged, taken back or changed before it is claimed and
 * guarded nowhere any more, so tables that are behind would let it be spent, or a dead key be used, again: they must first pass the
 * end that the log has now. From then on the cache knows what the tables do not have yet.
 */
export class CaughtUpTables {
  private epoch = 0;
  private caughtUpEpoch: number | undefined;
  private readonly stopListening: () => void;

  constructor(private readonly options: CaughtUpTablesOptions) {
    this.stopListening = options.cache.onLost(() => (this.epoch += 1));
  }

  /** @throws CacheUnavailable while they are behind, EventStoreUnavailable */
  async wait(): Promise<void> {
    const epoch = this.epoch;
    if (this.caughtUpEpoch === epoch) return;
    const { store, waitFor, timeoutMs = 1_500 } = this.options;
    const head = await store.head();
    if (head > BEFORE_FIRST && !(await waitFor(head, timeoutMs)))
      throw new CacheUnavailable('the balances in the tables are behind the log');
    this.caughtUpEpoch = epoch;
  }

  close(): void {
    this.stopListening();
  }
}
