import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { createPool } from '../../src/postgres/pool.js';
import { TEMPLATE_DATABASE, TEMPLATE_WITH_READ_MODELS } from './template-database.js';

export interface TestDatabase {
  readonly url: string;
  readonly pool: pg.Pool;
  /** Ends the pool and drops the database, whoever else is still connected. */
  drop(): Promise<void>;
}

/**
 * A new database with all migrations applied (or, when `empty`, with none), on the server of this test run. `readModels`: with their tables,
 * which a projector would make otherwise.
 */
export async function createTestDatabase({
  empty = false,
  readModels = false,
  max = 10,
} = {}): Promise<TestDatabase> {
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  const migrated = readModels ? TEMPLATE_WITH_READ_MODELS : TEMPLATE_DATABASE;
  const template = empty ? 'template0' : migrated;
  // Files are copied with a third of the work that it takes to write all of them into the write-ahead log.
  await administer(`CREATE DATABASE ${name} TEMPLATE ${template} STRATEGY file_copy`);
  const address = new URL(serverUrl());
  address.pathname = `/${name}`;
  const pool = createPool({ connectionString: address.href, max, applicationName: 'test' });
  return {
    url: address.href,
    pool,
    drop: async () => {
      await pool.end();
      await administer(`DROP DATABASE ${name} WITH (FORCE)`);
    },
  };
}

function serverUrl(): string {
  const url = process.env.COUNTERFOIL_TEST_POSTGRES_URL;
  if (!url)
    throw new Error(
      'COUNTERFOIL_TEST_POSTGRES_URL is not set: run the tests with jest and its global setup.',
    );
  return url;
}

async function administer(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: serverUrl() });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
