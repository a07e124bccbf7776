import type pg from 'pg';
import { withTransaction } from '../../postgres/pool.js';
import { preparing } from '../../postgres/prepared.js';
import { lockCheckpoints, moveCheckpoints } from './checkpoints.js';
import { OutOfOrder, type Poison, Superseded } from './faults.js';
import { type Batch, type Projection, type Queryable, schemaOf, type Slot } from './projection.js';

/** A batch, and the events in it that are to be noted as unusable instead of applied. */
export type BatchWithRejects = Batch & { readonly rejects?: readonly Poison[] };

/** Of a projector that keeps up with the log. Larger batches fill tables, whose plans are old after a few of them, and cost little an event anyway. */
const LIVE_EVENTS = 64;

/**
 * One transaction: locks the checkpoints, applies to each projection what it has not seen yet, moves the checkpoints.
 *
 * A batch that was applied before, wholly or in part, by this projector or another, changes nothing twice.
 * @throws OutOfOrder when the batch begins behind a gap, Superseded when the tables have become those of another version
 */
export async function applyBatch(
  pool: pg.Pool,
  projections: readonly Projection[],
  batch: BatchWithRejects,
): Promise<void> {
  await withTransaction(pool, async (tx) => {
    // What a crash of the server takes away here it takes with its checkpoint, and the log gives it back.
    await tx.query('SET LOCAL synchronous_commit = off');
    const isLive = batch.events.length <= LIVE_EVENTS;
    await applyWithin(isLive ? preparing(tx) : tx, projections, batch, 'live');
  });
}

/** As applyBatch, in the caller's transaction and to the tables of either slot. */
export async function applyWithin(
  tx: Queryable,
  projections: readonly Projection[],
  batch: BatchWithRejects,
  slot: Slot,
): Promise<void> {
  const names = projections.map(({ name }) => name);
  const checkpoints = new Map(
    (await lockCheckpoints(tx, names, slot)).map((checkpoint) => [checkpoint.projection, checkpoint]),
  );
  const moved: string[] = [];
  for (const projection of projections) {
    const checkpoint = checkpoints.get(projection.name);
    if (checkpoint?.version !== projection.version) {
      throw new Superseded(
        `${projection.name} has version ${checkpoint?.version ?? 'none'}, this program has version ${projection.version}`,
      );
    }
    if (checkpoint.position >= batch.position) continue;
    if (checkpoint.position < batch.after) {
      throw new OutOfOrder(
        `${projection.name} is at ${checkpoint.position}, the batch begins after ${batch.after}`,
      );
    }
    const events = unseen(batch, checkpoint.position).filter(({ type }) => projection.handles.includes(type));
    if (events.length > 0) await projection.apply(tx, schemaOf(projection.name, slot), events);
    await quarantine(tx, quarantineOf(projection.name, slot), batch.rejects ?? []);
    moved.push(projection.name);
  }
  if (moved.length > 0) await moveCheckpoints(tx, moved, slot, batch.position, batch.events.at(-1));
}

const unseen = ({ after, events }: Batch, seen: bigint): Batch['events'] =>
  seen === after ? events : events.filter(({ position }) => position > seen);

/** Under which name rejects are noted: those of tables that are being rebuilt replace the live ones at the swap. */
export const quarantineOf = (projection: string, slot: Slot): string =>
  slot === 'live' ? projection : `${projection}:next`;

async function quarantine(tx: Queryable, projection: string, rejects: readonly Poison[]): Promise<void> {
  for (const { position, stream, revision, type, reason } of rejects) {
    await tx.query(
      `INSERT INTO projection_quarantine (projection, position, stream, revision, type, reason)
       VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING`,
      [projection, position, stream, revision, type, reason],
    );
  }
}

/** The batch's events up to and including `index`, and the rest. */
export function splitBatch(batch: Batch, index: number): readonly [Batch, Batch] {
  const position = batch.events[index]?.position ?? batch.after;
  return [
    { after: batch.after, position, events: batch.events.slice(0, index + 1) },
    { after: position, position: batch.position, events: batch.events.slice(index + 1) },
  ];
}
