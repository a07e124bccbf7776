import { readdir, readFile } from 'node:fs/promises';
import type pg from 'pg';
import { installed } from '../support/installed.js';
import { withTransaction } from './pool.js';

/** A numbered file of plain SQL, `0001_event_log.sql`. */
interface Migration {
  readonly number: number;
  readonly name: string;
  readonly sql: string;
  /** Its first line is `-- breaking`: a program that does not know this file must not work on the schema it makes. */
  readonly breaking: boolean;
}

/** The database has been changed by a newer program in a way that this one cannot work with. */
export class SchemaTooNew extends Error {
  override readonly name = 'SchemaTooNew';
}

const MIGRATIONS_DIR = installed('migrations');

/** A migration of a large table, or the wait for another process that makes one, takes longer than a pool's queries may. */
const MIGRATION_TIMEOUT_MS = 60 * 60 * 1000;

const patiently = (text: string, values?: unknown[]) => ({
  text,
  ...(values && { values }),
  query_timeout: MIGRATION_TIMEOUT_MS,
});

/** Any number will do; all that matters is that every program takes the same one. */
export const MIGRATION_LOCK = 7_246_301;

/**
 * Brings the schema up to date in one transaction. Several processes may call it at once: one works, the others wait and find
 * nothing left to do.
 *
 * @returns the names of the files it applied, in order.
 * @throws SchemaTooNew when the database holds a breaking migration that is not in `directory`.
 */
export async function migrate(pool: pg.Pool, directory = MIGRATIONS_DIR): Promise<readonly string[]> {
  const known = await readMigrations(directory);
  return withTransaction(pool, async (client) => {
    await client.query(`SET LOCAL statement_timeout = ${MIGRATION_TIMEOUT_MS}`);
    await client.query(patiently('SELECT pg_advisory_xact_lock($1)', [MIGRATION_LOCK]));
    const applied = await readApplied(client);
    refuseUnknownBreaking(known, applied);
    const pending = known.filter((migration) => !applied.some(({ number }) => number === migration.number));
    for (const migration of pending) await apply(client, migration);
    return pending.map(({ name }) => name);
  });
}

/** From now on a program that does not know a migration of the schema, which may have been no more than one more table to it, is refused. */
export async function makeBreaking(pool: pg.Pool, number: number): Promise<void> {
  await pool.query('UPDATE schema_migrations SET breaking = true WHERE number = $1 AND NOT breaking', [
    number,
  ]);
}

async function readMigrations(directory: string): Promise<readonly Migration[]> {
  const names = (await readdir(directory)).filter((name) => name.endsWith('.sql')).sort();
  const migrations = await Promise.all(names.map((name) => readMigration(directory, name)));
  migrations.forEach((migration, index) => {
    if (migrations[index - 1]?.number === migration.number) {
      throw new Error(
        `Two migrations have the number ${migration.number}: ${migrations[index - 1]?.name}, ${migration.name}.`,
      );
    }
  });
  return migrations;
}

async function readMigration(directory: string, name: string): Promise<Migration> {
  const number = Number(/^(\d{4})_[a-z0-9_]+\.sql$/.exec(name)?.[1]);
  if (Number.isNaN(number)) throw new Error(`${name} is not named like 0001_what_it_does.sql.`);
  const sql = await readFile(`${directory}/${name}`, 'utf8');
  return { number, name, sql, breaking: /^-- breaking\s*$/m.test(sql.split('\n', 1)[0] ?? '') };
}

type Applied = Omit<Migration, 'sql'>;

async function readApplied(client: pg.PoolClient): Promise<readonly Applied[]> {
  // Asked first: a role that may only look cannot even say IF NOT EXISTS.
  const { rows: found } = await client.query<{ exists: boolean }>(
    `SELECT to_regclass('schema_migrations') IS NOT NULL AS exists`,
  );
  if (!found[0]?.exists)
    await client.query(`
      CREATE TABLE schema_migrations (
        number     integer PRIMARY KEY,
        name       text NOT NULL,
        breaking   boolean NOT NULL,
        applied_at timestamptz NOT NULL DEFAULT now()
      )`);
  const { rows } = await client.query<Applied>(
    'SELECT number, name, breaking FROM schema_migrations ORDER BY number',
  );
  return rows;
}

function refuseUnknownBreaking(known: readonly Migration[], applied: readonly Applied[]): void {
  const unknown = applied.find(
    ({ number, breaking }) => breaking && !known.some((migration) => migration.number === number),
  );
  if (unknown) {
    throw new SchemaTooNew(
      `The database was changed by a newer version (${unknown.name}); this one cannot work with it.`,
    );
  }
}

async function apply(client: pg.PoolClient, { number, name, sql, breaking }: Migration): Promise<void> {
  try {
    await client.query(patiently(sql));
  } catch (error) {
    throw new Error(`Migration ${name} failed: ${(error as Error).message}`, { cause: error });
  }
  await client.query('INSERT INTO schema_migrations (number, name, breaking) VALUES ($1, $2, $3)', [
    number,
    name,
    breaking,
  ]);
}
