import type pg from 'pg';
import { withTransaction } from '../../postgres/pool.js';
import { insertCheckpoint, readCheckpoints } from './checkpoints.js';
import { type Projection, type Queryable, schemaOf, type Slot } from './projection.js';

/** Any number will do; all that matters is that every program takes the same one. */
const INSTALL_LOCK = 7_246_302;

/**
 * Makes the tables of projections that have none, and indexes that tables lack. Safe when several programs start at once.
 *
 * @returns the projections whose tables were made by another version
 */
export async function installProjections(
  pool: pg.Pool,
  projections: readonly Projection[],
): Promise<readonly Projection[]> {
  return withTransaction(pool, async (tx) => {
    await tx.query('SELECT pg_advisory_xact_lock($1)', [INSTALL_LOCK]);
    const names = projections.map(({ name }) => name);
    const installed = new Map(
      (await readCheckpoints(tx, names, 'live')).map(({ projection, version }) => [projection, version]),
    );
    for (const projection of projections) {
      if (!installed.has(projection.name)) await createTables(tx, projection, 'live');
      // Also of tables that are there: readers may want what they did not want when these were made.
      if ((installed.get(projection.name) ?? projection.version) === projection.version)
        await createIndexes(tx, projection, 'live');
    }
    return projections.filter(({ name, version }) => (installed.get(name) ?? version) !== version);
  });
}

/** New, empty tables and a checkpoint before the first event. */
export async function createTables(tx: Queryable, projection: Projection, slot: Slot): Promise<void> {
  const schema = schemaOf(projection.name, slot);
  await tx.query(`CREATE SCHEMA ${schema}`);
  await tx.query(projection.ddl(schema));
  await insertCheckpoint(tx, projection.name, slot, projection.version);
}

const LONGEST_INDEX_MS = 6 * 3_600_000;

/** What only readers need, where it is missing. Filling a table takes half the time without. */
export async function createIndexes(tx: Queryable, projection: Projection, slot: Slot): Promise<void> {
  if (!projection.indexes) return;
  await tx.query(`SET LOCAL statement_timeout = 0; SET LOCAL maintenance_work_mem = '256MB'`);
  await tx.query({
    query_timeout: LONGEST_INDEX_MS,
    text: projection.indexes(schemaOf(projection.name, slot)),
  } as pg.QueryConfig);
}
