import type pg from 'pg';
import type { EventStore } from '../../eventstore/event-store.js';
import { withTransaction } from '../../postgres/pool.js';
import { lockCheckpoints } from './checkpoints.js';
import { digestTables, type TableDigest } from './digest.js';
import type { Projection, Queryable } from './projection.js';
import { checkpointOf, followWithin, targetOf } from './rebuild-follow.js';

interface Comparison {
  readonly position: bigint;
  readonly tables: readonly { readonly live: TableDigest; readonly next: TableDigest }[];
  readonly equal: boolean | undefined;
}

interface CompareOptions {
  readonly pool: pg.Pool;
  readonly store: EventStore;
}

/** Digests of the live and the new tables, both at one position. The live ones stand still only until they are at it, not while rows are read. */
export async function compareSlots(projection: Projection, options: CompareOptions): Promise<Comparison> {
  const live = await checkpointOf(options.pool, projection, 'live');
  const target = await targetOf(options.store, live.position);
  // Of another version, or of more than the log has.
  if (live.version !== projection.version || target !== live.position)
    return { position: target, tables: [], equal: undefined };
  return withTransaction(options.pool, async (reader) => {
    await reader.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY');
    await reader.query('SET LOCAL statement_timeout = 0');
    // Two connections must write the same times.
    await reader.query(`SET LOCAL TimeZone = 'UTC'`);
    const position = await snapshotAtOnePosition(reader, projection, options);
    const before = await digestTables(reader, projection, 'live');
    const after = await digestTables(reader, projection, 'next');
    const tables = before.flatMap((digest, index) => {
      const next = after[index];
      return next ? [{ live: digest, next }] : [];
    });
    const equal = tables.every(({ live, next }) => live.rows === next.rows && live.digest === next.digest);
    return { position, tables, equal };
  });
}

/** Brings the new tables to where the live ones are and lets `reader` take its snapshot, while no batch can be applied. */
async function snapshotAtOnePosition(
  reader: Queryable,
  projection: Projection,
  { pool, store }: CompareOptions,
): Promise<bigint> {
  return withTransaction(pool, async (lock) => {
    const [live] = await lockCheckpoints(lock, [projection.name], 'live');
    if (!live) throw new Error(`${projection.name} has no live tables`);
    await withTransaction(pool, (tx) => followWithin(tx, projection, store, live.position));
    // The snapshot of a repeatable read is taken by its first query.
    await checkpointOf(reader, projection, 'next');
    return live.position;
  });
}
