import { randomUUID } from 'node:crypto';
import pg from 'pg';

// Databases as a whole: what an operator does with backups and servers, done to one server's databases by their addresses.

const nameOf = (url: string): string => new URL(url).pathname.slice(1);

/** Runs statements beside the database of the address. */
async function administer(url: string, ...statements: readonly string[]): Promise<void> {
  const address = new URL(url);
  address.pathname = '/postgres';
  const client = new pg.Client({ connectionString: address.href });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}

const endConnections = (name: string): string =>
  `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}'`;

/** What a backup of this moment would be. Answers the address of a database that is like the one at `url`. */
export async function copyDatabase(url: string): Promise<string> {
  const address = new URL(url);
  const name = `copy_${randomUUID().replaceAll('-', '')}`;
  await administer(
    url,
    endConnections(nameOf(url)),
    `CREATE DATABASE ${name} TEMPLATE ${nameOf(url)} STRATEGY file_copy`,
  );
  address.pathname = `/${name}`;
  return address.href;
}

const withoutConnections = (name: string): readonly string[] => [
  `ALTER DATABASE ${name} WITH ALLOW_CONNECTIONS false`,
  endConnections(name),
];

/** Each of the two databases is found under the other's name from now on, as a restored server stands behind the old address. */
export async function exchangeDatabases(one: string, other: string): Promise<void> {
  const [first, second] = [nameOf(one), nameOf(other)];
  await administer(
    one,
    ...withoutConnections(first),
    ...withoutConnections(second),
    `ALTER DATABASE ${first} RENAME TO ${first}_between`,
    `ALTER DATABASE ${second} RENAME TO ${first}`,
    `ALTER DATABASE ${first}_between RENAME TO ${second}`,
    `ALTER DATABASE ${first} WITH ALLOW_CONNECTIONS true`,
    `ALTER DATABASE ${second} WITH ALLOW_CONNECTIONS true`,
  );
}

export const dropDatabase = (url: string): Promise<void> =>
  administer(url, `DROP DATABASE IF EXISTS ${nameOf(url)} WITH (FORCE)`);
