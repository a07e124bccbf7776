import { join } from 'node:path';
import type pg from 'pg';
import { startEmbeddedPostgres } from '../postgres/embedded.js';
import { migrate } from '../postgres/migrate.js';
import { createPool } from '../postgres/pool.js';
import { grantService, mayChangeLog } from '../postgres/service-role.js';
import { anotherClock } from '../eventstore/wrong-log.js';
import { assertLedgerOf, readTime } from '../stores/ledger-instance.js';
import { ComparedClock } from '../support/compared-clock.js';
import { isUnavailable } from '../support/unavailable.js';
import type { Base } from './base.js';
import { cannotStart } from './cannot-start.js';

export interface Database {
  readonly pool: pg.Pool;
  /** Holds the password: never logged. */
  readonly url: string;
  /** The same under the role that owns the tables: for what is neither reading nor adding. */
  readonly ownerUrl: string;
  /** The time of day, as it is there. */
  readonly clock: ComparedClock;
  /** From now on no connection is used to a database of another ledger. */
  expect(ledgerId: string): void;
}

const MAX_CONNECTIONS = 12;

/**
 * The PostgreSQL of DATABASE_URL, or an embedded one in the data directory; migrated.
 * @throws CannotStart when it cannot be reached; WrongLog when its clock is another one; also when it is newer than we are
 */
export async function openDatabase(base: Base): Promise<Database> {
  const { config, log, shutdown } = base;
  const urls = await urlsOf(base);
  const { url, ownerUrl } = urls;
  const applied = await migrated(base, urls);
  let expected: string | undefined;
  const pool = createPool({
    connectionString: url,
    max: MAX_CONNECTIONS,
    applicationName: `counterfoil ${base.name ?? config.role}`,
    onError: (error) => log.warn({ err: error }, 'an idle database connection broke'),
    admit: async (connection) => {
      if (expected !== undefined) await assertLedgerOf(connection, expected);
    },
  });
  shutdown.add('database pool', () => pool.end());
  if (applied.length > 0) log.info({ migrations: applied }, 'the database was migrated');
  if (ownerUrl === url && (await mayChangeLog(pool)))
    log.info(
      'this database role could change the log: set DATABASE_OWNER_URL (docs/operators.md, "Who may write the log")',
    );
  const clock = await comparedWith(pool);
  return { pool, url, ownerUrl, clock, expect: (ledgerId) => (expected = ledgerId) };
}

/** @throws WrongLog where the two clocks do not agree */
async function comparedWith(pool: pg.Pool): Promise<ComparedClock> {
  const clock = new ComparedClock(() => readTime(pool), 'the database');
  await clock.compare();
  if (clock.fault !== undefined) throw anotherClock(clock.fault);
  return clock;
}

/** Of the role that the service works under, and of the one that owns the tables. */
interface Urls {
  readonly url: string;
  readonly ownerUrl: string;
}

async function urlsOf(base: Base): Promise<Urls> {
  const { databaseUrl, databaseOwnerUrl } = base.config;
  if (databaseUrl === undefined) return startEmbedded(base);
  return { url: databaseUrl, ownerUrl: databaseOwnerUrl ?? databaseUrl };
}

/** Migrates as the owner and, where the service is another role, gives it what it needs. */
async function migrated({ config }: Base, { url, ownerUrl }: Urls): Promise<readonly string[]> {
  const pool = createPool({ connectionString: ownerUrl, max: 1, applicationName: 'counterfoil migrate' });
  try {
    const applied = await migrate(pool);
    if (ownerUrl !== url) await grantService(pool, decodeURIComponent(new URL(url).username));
    return applied;
  } catch (error) {
    if (!isUnavailable(error)) throw error;
    const variable = config.databaseOwnerUrl === undefined ? 'DATABASE_URL' : 'DATABASE_OWNER_URL';
    throw cannotStart({ name: 'PostgreSQL', url: ownerUrl, variable }, error);
  } finally {
    await pool.end();
  }
}

async function startEmbedded({ config, log, shutdown }: Base): Promise<Urls> {
  const server = await startEmbeddedPostgres({
    dataDir: join(config.dataDir, 'postgres'),
    log: (message) => log.info({ part: 'embedded PostgreSQL' }, message),
  });
  shutdown.add('embedded PostgreSQL', () => server.stop(), 30_000);
  return { url: server.serviceUrl, ownerUrl: server.url };
}
