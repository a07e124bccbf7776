import type pg from 'pg';
import type { EventStore } from '../../eventstore/event-store.js';
import { withTransaction } from '../../postgres/pool.js';
import { applyWithin, type BatchWithRejects } from './apply-batch.js';
import { applyResolutely } from './apply-resolutely.js';
import { type Checkpoint, readCheckpoints } from './checkpoints.js';
import { PoisonEvent, Superseded } from './faults.js';
import { onPoison, type Projection, type Queryable, type Slot } from './projection.js';
import { readDecoded } from './read-decoded.js';
import type { RebuildProgress } from './status.js';

interface FollowOptions {
  readonly pool: pg.Pool;
  readonly store: EventStore;
  readonly onProgress?: (progress: RebuildProgress) => void;
}

/** Applies the log to the new tables until they have come to where the live ones are. Answers the number of events. */
export async function followLive(
  projection: Projection,
  { pool, store, onProgress }: FollowOptions,
): Promise<number> {
  const started = performance.now();
  const apply = (batch: BatchWithRejects) =>
    withTransaction(pool, async (tx) => {
      await tx.query('SET LOCAL synchronous_commit = off');
      await applyWithin(tx, [projection], batch, 'next');
    });
  let events = 0;
  for (;;) {
    const until = (await checkpointOf(pool, projection, 'live')).position;
    const { position } = await checkpointOf(pool, projection, 'next');
    if (position >= until) return events;
    await advance(projection, store, position, until, apply, (batch) => {
      events += batch.events.length;
      onProgress?.({
        projection: projection.name,
        position: batch.position,
        head: until,
        events,
        elapsedMs: performance.now() - started,
      });
    });
  }
}

/** As followLive, to exactly `until` and within one transaction: for the last few events, while the live tables are locked. */
export async function followWithin(
  tx: Queryable,
  projection: Projection,
  store: EventStore,
  until: bigint,
): Promise<void> {
  const { position } = await checkpointOf(tx, projection, 'next');
  await advance(projection, store, position, until, (batch) => applyWithin(tx, [projection], batch, 'next'));
}

/** Larger batches than live ones have: nobody waits for the locks, and the same rows change less often. */
const EVENTS_A_BATCH = 10_000;

async function advance(
  projection: Projection,
  store: EventStore,
  from: bigint,
  until: bigint,
  apply: (batch: BatchWithRejects) => Promise<void>,
  applied?: (batch: BatchWithRejects) => void,
): Promise<void> {
  if (from >= until) return;
  const policy = onPoison[projection.group];
  const range = { after: from, until, limit: EVENTS_A_BATCH, onUnreadable: policy };
  for await (const { batch, poison } of readDecoded(store, range)) {
    await applyResolutely(batch, apply, policy);
    if (poison) throw new PoisonEvent(poison);
    applied?.(batch);
  }
}

export async function checkpointOf(db: Queryable, { name }: Projection, slot: Slot): Promise<Checkpoint> {
  const [checkpoint] = await readCheckpoints(db, [name], slot);
  if (!checkpoint) throw new Superseded(`${name} has no ${slot} tables`);
  return checkpoint;
}
