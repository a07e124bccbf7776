import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import type { Deployment } from './deployment.js';

/** Every table, every row, as text. */
export async function tables({ database: { pool } }: Deployment): Promise<string> {
  const { rows } = await pool.query<{ name: string }>(
    `select format('%I.%I', table_schema, table_name) as name from information_schema.tables
     where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')`,
  );
  const texts = rows.map(async ({ name }) => {
    const table = await pool.query<{ row: string }>(`select t::text as row from ${name} t`);
    return table.rows.map(({ row }) => `${name} ${row}`).join('\n');
  });
  return (await Promise.all(texts)).join('\n');
}

/** Every file that the services and commands of a deployment wrote: spools among them. */
export async function files(deployment: Deployment): Promise<string> {
  const folder = join(deployment.environment['DATA_DIR'] as string, '..');
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const found = entries.filter((entry) => entry.isFile());
  const texts = found.map((entry) => readFile(join(entry.parentPath, entry.name), 'latin1'));
  return (await Promise.all(texts)).join('\n');
}

/** Every key and value in Redis, as it would be written to disk. */
export async function redisContents({ redisUrl }: Deployment): Promise<string> {
  if (redisUrl === undefined) return '';
  const redis = new Redis(redisUrl);
  try {
    const keys = await redis.keys('*');
    const values = keys.map(
      async (key) => `${key} ${(await redis.dumpBuffer(key))?.toString('latin1') ?? ''}`,
    );
    return (await Promise.all(values)).join('\n');
  } finally {
    redis.disconnect();
  }
}
