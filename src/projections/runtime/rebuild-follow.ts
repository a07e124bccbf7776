import type pg from 'pg';
import type { EventStore } from '../../eventstore/event-store.js';
import { withTransaction } from '../../postgres/pool.js';
import { applyWithin, type BatchWithRejects } from './apply-batch.js';
import { applyResolutely } from './apply-resolutely.js';
import { BatchSize } from './batch-size.js';
import { type Checkpoint, readCheckpoints } from './checkpoints.js';
import { decodePage } from './decode-page.js';
import { PoisonEvent, Superseded } from './faults.js';
import { onPoison, type Projection, type Queryable, type Slot } from './projection.js';
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

async function advance(
  projection: Projection,
  store: EventStore,
  from: bigint,
  until: bigint,
  apply: (batch: BatchWithRejects) => Promise<void>,
  applied?: (batch: BatchWithRejects) => void,
): Promise<void> {
  const size = new BatchSize();
  const policy = onPoison[projection.group];
  for (let position = from; position < until;) {
    const page = await store.readAll({ after: position, limit: size.limit });
    const events = page.events.filter((event) => event.position <= until);
    const end = page.position > until || page.atEnd ? until : page.position;
    const { batch, poison } = decodePage({ ...page, events, position: end }, position, policy);
    const started = performance.now();
    await applyResolutely(batch, apply, policy);
    size.measured(page, performance.now() - started);
    if (poison) throw new PoisonEvent(poison);
    applied?.(batch);
    position = batch.position;
  }
}

export async function checkpointOf(db: Queryable, { name }: Projection, slot: Slot): Promise<Checkpoint> {
  const [checkpoint] = await readCheckpoints(db, [name], slot);
  if (!checkpoint) throw new Superseded(`${name} has no ${slot} tables`);
  return checkpoint;
}
