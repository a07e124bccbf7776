import type pg from 'pg';
import type { EventStore } from '../../eventstore/event-store.js';
import { withTransaction } from '../../postgres/pool.js';
import { quarantineOf } from './apply-batch.js';
import { lockCheckpoints } from './checkpoints.js';
import { type Projection, type Queryable, schemaOf } from './projection.js';
import { followWithin, targetOf } from './rebuild-follow.js';

/** Puts the new tables in the place of the live ones, with their checkpoint, in one transaction; then drops the old ones. */
export async function swapSlots(
  projection: Projection,
  { pool, store }: { readonly pool: pg.Pool; readonly store: EventStore },
): Promise<void> {
  const { name } = projection;
  const old = `${schemaOf(name)}_old`;
  await withTransaction(pool, async (tx) => {
    await tx.query(`DROP SCHEMA IF EXISTS ${old} CASCADE`);
    const [live] = await lockCheckpoints(tx, [name], 'live');
    if (!live) throw new Error(`${name} has no live tables`);
    await followWithin(tx, projection, store, await targetOf(store, live.position));
    await tx.query(`ALTER SCHEMA ${schemaOf(name)} RENAME TO ${old}`);
    await tx.query(`ALTER SCHEMA ${schemaOf(name, 'next')} RENAME TO ${schemaOf(name)}`);
    await takeOverCheckpoint(tx, name);
    await tx.query('DELETE FROM projection_quarantine WHERE projection = $1', [name]);
    await tx.query('UPDATE projection_quarantine SET projection = $1 WHERE projection = $2', [
      name,
      quarantineOf(name, 'next'),
    ]);
  });
  // Not within: readers that began before the swap still read the old tables, and everybody would wait for them.
  await pool.query(`DROP SCHEMA IF EXISTS ${old} CASCADE`);
}

/** Changes the live row rather than replacing it: a projector that waits for its lock must find it. */
async function takeOverCheckpoint(tx: Queryable, name: string): Promise<void> {
  await tx.query(
    `UPDATE projection_checkpoints live
     SET version = next.version, position = next.position, event_position = next.event_position,
         event_stream = next.event_stream, event_revision = next.event_revision, event_id = next.event_id, updated_at = now()
     FROM projection_checkpoints next
     WHERE live.projection = $1 AND live.slot = 'live' AND next.projection = $1 AND next.slot = 'next'`,
    [name],
  );
  await tx.query(`DELETE FROM projection_checkpoints WHERE projection = $1 AND slot = 'next'`, [name]);
}

/** Throws away tables that were being rebuilt. */
export async function dropNext(tx: Queryable, { name }: Projection): Promise<void> {
  await tx.query(`DROP SCHEMA IF EXISTS ${schemaOf(name, 'next')} CASCADE`);
  await tx.query(`DELETE FROM projection_checkpoints WHERE projection = $1 AND slot = 'next'`, [name]);
  await tx.query('DELETE FROM projection_quarantine WHERE projection = $1', [quarantineOf(name, 'next')]);
}
