import type pg from 'pg';
import { makeBreaking } from '../postgres/migrate.js';
import { createPool } from '../postgres/pool.js';
import type { Database } from './database.js';

interface ShutOut {
  /** The first version with it knows what is to be made use of. */
  readonly migration: number;
  /** A regular expression of the roles that have to know it. */
  readonly roles: string;
  /** What to tell whoever starts this process. */
  readonly say: (older: string) => string;
}

/**
 * Sees to it that no version works on the ledger that does not know a migration, now or later.
 *
 * @throws when one does
 */
export async function shutOutOlder(
  { pool, ownerUrl }: Pick<Database, 'pool' | 'ownerUrl'>,
  what: ShutOut,
): Promise<void> {
  // Before it as well, so that a start that is refused changes nothing; after it none can come.
  await refuseOlder(pool, what);
  await keepOlderFromStarting(ownerUrl, what.migration);
  await refuseOlder(pool, what);
}

async function keepOlderFromStarting(ownerUrl: string, migration: number): Promise<void> {
  const owner = createPool({
    connectionString: ownerUrl,
    max: 1,
    applicationName: 'counterfoil migrate',
  });
  try {
    await makeBreaking(owner, migration);
  } finally {
    await owner.end();
  }
}

/** Whoever has connected before the migration does not know it: a version that does connects under those names only behind it. */
async function refuseOlder(pool: pg.Pool, { migration, roles, say }: ShutOut): Promise<void> {
  const { rows } = await pool.query<{ name: string; since: Date }>(
    `SELECT application_name AS name, min(backend_start) AS since
     FROM pg_stat_activity, schema_migrations
     WHERE number = $1 AND datname = current_database() AND backend_start < applied_at
       AND application_name ~ $2
     GROUP BY application_name ORDER BY since LIMIT 1`,
    [migration, `^counterfoil (${roles})( |$)`],
  );
  const [older] = rows;
  if (older) throw new Error(say(`${older.name}, connected since ${older.since.toISOString()}`));
}

/** Whether somebody has seen to it that no version works on the ledger that does not know the migration. */
export async function isShutOut(pool: pg.Pool, migration: number): Promise<boolean> {
  const { rows } = await pool.query<{ breaking: boolean }>(
    'SELECT breaking FROM schema_migrations WHERE number = $1',
    [migration],
  );
  return rows[0]?.breaking === true;
}
