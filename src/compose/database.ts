import { join } from 'node:path';
import type pg from 'pg';
import { startEmbeddedPostgres } from '../postgres/embedded.js';
import { migrate } from '../postgres/migrate.js';
import { createPool } from '../postgres/pool.js';
import { assertLedgerOf } from '../stores/ledger-instance.js';
import { isUnavailable } from '../support/unavailable.js';
import type { Base } from './base.js';
import { cannotStart } from './cannot-start.js';

export interface Database {
  readonly pool: pg.Pool;
  /** Holds the password: never logged. */
  readonly url: string;
  /** From now on no connection is used to a database of another ledger. */
  expect(ledgerId: string): void;
}

const MAX_CONNECTIONS = 12;

/** The PostgreSQL of DATABASE_URL, or an embedded one in the data directory; migrated. @throws CannotStart when it cannot be reached; also when it is newer than we are */
export async function openDatabase(base: Base): Promise<Database> {
  const { config, log, shutdown } = base;
  const url = config.databaseUrl ?? (await startEmbedded(base));
  let expected: string | undefined;
  const pool = createPool({
    connectionString: url,
    max: MAX_CONNECTIONS,
    applicationName: `counterfoil ${config.role}`,
    onError: (error) => log.warn({ err: error }, 'an idle database connection broke'),
    admit: async (connection) => {
      if (expected !== undefined) await assertLedgerOf(connection, expected);
    },
  });
  shutdown.add('database pool', () => pool.end());
  const applied = await migrate(pool).catch((error: unknown) => {
    if (!isUnavailable(error)) throw error;
    throw cannotStart({ name: 'PostgreSQL', url, variable: 'DATABASE_URL' }, error);
  });
  if (applied.length > 0) log.info({ migrations: applied }, 'the database was migrated');
  return { pool, url, expect: (ledgerId) => (expected = ledgerId) };
}

async function startEmbedded({ config, log, shutdown }: Base): Promise<string> {
  const server = await startEmbeddedPostgres({
    dataDir: join(config.dataDir, 'postgres'),
    log: (message) => log.info({ part: 'embedded PostgreSQL' }, message),
  });
  shutdown.add('embedded PostgreSQL', () => server.stop(), 30_000);
  return server.url;
}
