import { join } from 'node:path';
import type pg from 'pg';
import type { Logger } from 'pino';
import type { Config } from '../config.js';
import { startEmbeddedPostgres } from '../postgres/embedded.js';
import { migrate } from '../postgres/migrate.js';
import { createPool } from '../postgres/pool.js';
import type { ShutdownList } from './shutdown.js';

export interface Database {
  readonly pool: pg.Pool;
  /** Holds the password: never logged. */
  readonly url: string;
}

const MAX_CONNECTIONS = 12;

/** The PostgreSQL of DATABASE_URL, or an embedded one in the data directory; migrated. Rejects when it cannot be reached or is newer than we are. */
export async function openDatabase(config: Config, log: Logger, shutdown: ShutdownList): Promise<Database> {
  const url = config.databaseUrl ?? (await startEmbedded(config, log, shutdown));
  const pool = createPool({
    connectionString: url,
    max: MAX_CONNECTIONS,
    applicationName: `counterfoil ${config.role}`,
    onError: (error) => log.warn({ err: error }, 'an idle database connection broke'),
  });
  shutdown.add('database pool', () => pool.end());
  const applied = await migrate(pool);
  if (applied.length > 0) log.info({ migrations: applied }, 'the database was migrated');
  return { pool, url };
}

async function startEmbedded(config: Config, log: Logger, shutdown: ShutdownList): Promise<string> {
  const server = await startEmbeddedPostgres({
    dataDir: join(config.dataDir, 'postgres'),
    log: (message) => log.info({ part: 'embedded PostgreSQL' }, message),
  });
  shutdown.add('embedded PostgreSQL', () => server.stop(), 30_000);
  return server.url;
}
