import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { startEmbeddedPostgres } from '../../src/postgres/embedded.js';
import { migrate } from '../../src/postgres/migrate.js';
import { createPool } from '../../src/postgres/pool.js';
import { allProjections } from '../../src/projections/all-projections.js';
import { installProjections } from '../../src/projections/runtime/install.js';
import { ensureRedisServer } from './redis-install.js';
import { makeRunFolder } from './run-folder.js';
import { TEMPLATE_DATABASE, TEMPLATE_WITH_READ_MODELS } from './template-database.js';

// One PostgreSQL and one folder for a whole test run. Prints the URL and the folder, then waits until whoever started it closes our
// standard input or dies.

const SETTINGS = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  max_connections: 300,
  shared_buffers: '64MB',
  // It lies in memory, too.
  max_wal_size: '256MB',
};

/** A browser that was killed with the run still writes for a moment, and what stayed would be memory. */
const AWAY = { recursive: true, force: true, maxRetries: 10, retryDelay: 200 };

async function main(): Promise<void> {
  const [folder] = await Promise.all([makeRunFolder(), ensureRedisServer()]);
  const server = await startEmbeddedPostgres({ dataDir: join(folder, 'postgres'), settings: SETTINGS });
  const stop = async () => {
    await server.stop();
    await Promise.all([server.dataDir, folder].map((dir) => rm(dir, AWAY)));
  };
  try {
    await letAnybodyIn(server.url);
    await createTemplates(server.url);
    const closed = new Promise((resolve) => {
      process.stdin.once('close', resolve).resume();
      process.once('SIGTERM', resolve);
    });
    // A Ctrl-C reaches the whole group; our standard input closes in any case.
    process.on('SIGINT', () => undefined);
    process.stdout.write(`${JSON.stringify({ url: server.url, folder })}\n`);
    await closed;
  } finally {
    await stop();
  }
}

/** A run makes thousands of connections, and a quarter of what one costs the two sides is the proof that each knows the password. */
async function letAnybodyIn(url: string): Promise<void> {
  await withClient(url, async (client) => {
    const { rows } = await client.query<{ hba_file: string }>('SHOW hba_file');
    await writeFile(rows[0]?.hba_file as string, 'host all all 127.0.0.1/32 trust\n');
    await client.query('SELECT pg_reload_conf()');
  });
}

async function withClient(url: string, use: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await use(client);
  } finally {
    await client.end();
  }
}

async function createTemplates(url: string): Promise<void> {
  await createTemplate(url, TEMPLATE_DATABASE, 'template1', migrate);
  await createTemplate(url, TEMPLATE_WITH_READ_MODELS, TEMPLATE_DATABASE, (pool) =>
    installProjections(pool, allProjections('UTC')),
  );
}

async function createTemplate(
  url: string,
  name: string,
  from: string,
  fill: (pool: pg.Pool) => Promise<unknown>,
): Promise<void> {
  await withClient(url, async (client) => {
    await client.query(`CREATE DATABASE ${name} TEMPLATE ${from} STRATEGY file_copy`);
  });
  const template = new URL(url);
  template.pathname = `/${name}`;
  const pool = createPool({ connectionString: template.href, max: 1, applicationName: 'test-template' });
  await fill(pool);
  await pool.end();
  // What a connection learns of the tables is kept in a file, which the copies have from the start.
  await withClient(template.href, async (client) => {
    await client.query('SELECT 1');
  });
}

await main();
