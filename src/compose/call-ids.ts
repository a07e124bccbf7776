import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { newCallId } from '../domain/usage/call-id.js';
import { makeBreaking } from '../postgres/migrate.js';
import { createPool } from '../postgres/pool.js';
import { nextWriterLane } from '../stores/numeric-ids.js';
import type { Config } from '../config.js';
import type { Database } from './database.js';

/** The first version with it reads ids of either form. */
const MIGRATION = 60;

/**
 * Makes the ids of the calls of this process, which has the next lane. Where they say that charges go to streams of the process, no version
 * may work on the ledger that cannot read them.
 *
 * @throws when one does
 */
export async function openCallIds({
  config: { usageStreams: form },
  database,
}: {
  readonly config: Pick<Config, 'usageStreams'>;
  readonly database: Pick<Database, 'pool' | 'ownerUrl'>;
}): Promise<() => string> {
  if (form === 'process') {
    // Before it as well, so that a start that is refused changes nothing; after it none can come.
    await refuseOlder(database.pool);
    await keepOlderFromStarting(database.ownerUrl);
    await refuseOlder(database.pool);
  }
  const lane = await nextWriterLane(database.pool);
  return () => newCallId(form, lane, Date.now(), randomUUID());
}

async function keepOlderFromStarting(ownerUrl: string): Promise<void> {
  const owner = createPool({
    connectionString: ownerUrl,
    max: 1,
    applicationName: 'counterfoil migrate',
  });
  try {
    await makeBreaking(owner, MIGRATION);
  } finally {
    await owner.end();
  }
}

/** Whoever ends calls and has connected before the migration does not know it: this version connects under those names only behind it. */
async function refuseOlder(pool: pg.Pool): Promise<void> {
  const { rows } = await pool.query<{ name: string; since: Date }>(
    `SELECT application_name AS name, min(backend_start) AS since
     FROM pg_stat_activity, schema_migrations
     WHERE number = $1 AND datname = current_database() AND backend_start < applied_at
       AND application_name ~ '^counterfoil (relay|all)( |$)'
     GROUP BY application_name ORDER BY since LIMIT 1`,
    [MIGRATION],
  );
  const [older] = rows;
  if (!older) return;
  throw new Error(
    `USAGE_STREAMS=process: an older version works on this ledger (${older.name}, connected since ${older.since.toISOString()}), and would look for charges in other streams. Stop it first (docs/operators.md, "Streams of charges").`,
  );
}
