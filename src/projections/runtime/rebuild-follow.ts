import type pg from 'pg';
import type { EventStore } from '../../eventstore/event-store.js';
import { withTransaction } from '../../postgres/pool.js';
import { applyWithin } from './apply-batch.js';
import { applyResolutely } from './apply-resolutely.js';
import { type Checkpoint, readCheckpoints } from './checkpoints.js';
import { PoisonEvent, Superseded } from './faults.js';
import { LANES, Lanes } from './lanes.js';
import { onPoison, type Projection, type Queryable, type Slot } from './projection.js';
import { readDecoded } from './read-decoded.js';
import type { RebuildProgress } from './status.js';

interface FollowOptions {
  readonly pool: pg.Pool;
  readonly store: EventStore;
  readonly onProgress?: ((progress: RebuildProgress) => void) | undefined;
}

/** Larger batches than live ones have: nobody waits for the locks, and the same rows change less often. */
const EVENTS_A_BATCH = 10_000;

/** So few are applied while the live tables stand still: who waited until there are none would run after those of a busy ledger for long. */
const NEAR_EVENTS = 1_000;

/**
 * Applies the log to the new tables of all projections until each is near to where its live ones are, and beyond that in no case: the live
 * ones of one group may be ahead of those of another. The log is read once for all; their transactions go side by side. Answers the number
 * of events.
 *
 * @throws PoisonEvent
 */
export async function followLive(
  projections: readonly Projection[],
  { pool, store, onProgress }: FollowOptions,
): Promise<number> {
  const started = performance.now();
  const lanes = new Lanes<Projection>(LANES);
  const name = nameOf(projections);
  let events = 0;
  for (;;) {
    const behind = await stretchesOf(pool, store, projections);
    const [stretch] = behind;
    if (!stretch) return events;
    const from = behind.reduce((least, { next }) => (next < least ? next : least), stretch.next);
    const until = behind.reduce((least, { live }) => (live < least ? live : least), stretch.live);
    // The others are where their live tables were when they were asked; beyond them nothing could be compared.
    const followers = behind.map(({ projection }) => projection);
    const before = events;
    const range = { after: from, until, limit: EVENTS_A_BATCH, onUnreadable: policyOf(followers) };
    for await (const { batch, poison } of readDecoded(store, range)) {
      await lanes.run(followers, (projection) =>
        applyResolutely(
          batch,
          (part) =>
            withTransaction(pool, async (tx) => {
              await tx.query('SET LOCAL synchronous_commit = off');
              await applyWithin(tx, [projection], part, 'next');
            }),
          onPoison[projection.group],
        ),
      );
      if (poison) throw new PoisonEvent(poison);
      events += batch.events.length;
      const { position } = batch;
      onProgress?.({
        projection: name,
        position,
        head: until,
        events,
        elapsedMs: performance.now() - started,
      });
    }
    if (events - before < NEAR_EVENTS && behind.every(({ live }) => live === until)) return events;
  }
}

const nameOf = (projections: readonly Projection[]): string =>
  projections.length === 1 ? (projections[0]?.name ?? '') : `${projections.length} read models`;

/** One that may not go past what it cannot read holds up the others. */
const policyOf = (projections: readonly Projection[]): 'stop' | 'quarantine' =>
  projections.some(({ group }) => onPoison[group] === 'stop') ? 'stop' : 'quarantine';

/**
 * Where new tables have to come to: where the live ones are, or the end of a log that ends before. A checkpoint beyond the log's end would
 * leave out what is appended next.
 */
export async function targetOf(store: Pick<EventStore, 'reaches' | 'head'>, live: bigint): Promise<bigint> {
  return (await store.reaches(live)) ? live : store.head();
}

interface Stretch {
  readonly projection: Projection;
  readonly next: bigint;
  readonly live: bigint;
}

/** Those whose new tables are behind their live ones, and from where to where. */
async function stretchesOf(
  db: Queryable,
  store: EventStore,
  projections: readonly Projection[],
): Promise<readonly Stretch[]> {
  const stretches: Stretch[] = [];
  for (const projection of projections) {
    const live = await targetOf(store, (await checkpointOf(db, projection, 'live')).position);
    const next = (await checkpointOf(db, projection, 'next')).position;
    if (next < live) stretches.push({ projection, next, live });
  }
  return stretches;
}

/** To exactly `until` and within one transaction: for the last few events, while the live tables are locked. */
export async function followWithin(
  tx: Queryable,
  projection: Projection,
  store: EventStore,
  until: bigint,
): Promise<void> {
  const after = (await checkpointOf(tx, projection, 'next')).position;
  if (after >= until) return;
  const onUnreadable = onPoison[projection.group];
  const range = { after, until, limit: EVENTS_A_BATCH, onUnreadable };
  for await (const { batch, poison } of readDecoded(store, range)) {
    await applyResolutely(batch, (part) => applyWithin(tx, [projection], part, 'next'), onUnreadable);
    if (poison) throw new PoisonEvent(poison);
  }
}

export async function checkpointOf(db: Queryable, { name }: Projection, slot: Slot): Promise<Checkpoint> {
  const [checkpoint] = await readCheckpoints(db, [name], slot);
  if (!checkpoint) throw new Superseded(`${name} has no ${slot} tables`);
  return checkpoint;
}
