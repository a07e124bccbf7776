import type pg from 'pg';
import type { EventStore } from '../../eventstore/event-store.js';
import type { Batch, Group, Projection } from './projection.js';
import type { ProjectionObserver } from './status.js';

/** What a group of projections runs with. */
export interface GroupOptions {
  readonly group: Group;
  readonly projections: readonly Projection[];
  readonly store: EventStore;
  readonly pool: pg.Pool;
  /** Once the tables are ready, before the first batch. */
  readonly beforeFirst?: ((position: bigint) => Promise<void>) | undefined;
  /** After the commit of each batch, in log order, and at every look at the log that found nothing; a rejection does not stop the group. */
  readonly afterCommit?: ((batch: Batch) => Promise<void>) | undefined;
  readonly observer?: ProjectionObserver | undefined;
  readonly now: () => Date;
  /** The safety net under the doorbell; default 1,000. */
  readonly pollIntervalMs?: number | undefined;
  readonly maxBatchEvents?: number | undefined;
  /** From batch to batch where nobody waits for an event; by default the group's own. */
  readonly gatherMs?: number | undefined;
}
