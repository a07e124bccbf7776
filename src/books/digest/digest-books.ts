import type pg from 'pg';
import { withTransaction } from '../../postgres/pool.js';
import { allProjections } from '../../projections/all-projections.js';
import { readCheckpoints } from '../../projections/runtime/checkpoints.js';
import { LANES, Lanes } from '../../projections/runtime/lanes.js';
import { type Queryable, schemaOf } from '../../projections/runtime/projection.js';
import { digestRows } from './digest-rows.js';

/** What is in one table, whatever the order of its rows and wherever its events stand in the log. */
export interface BookDigest {
  /** `balance.balances`: the read model and its table. */
  readonly table: string;
  readonly rows: bigint;
  /** 128 bits, as 32 hexadecimal digits. */
  readonly digest: string;
}

export interface BooksDigest {
  /** How far the tables of the ledger and of the statistics were; these are not part of any digest. */
  readonly ledger: bigint;
  readonly statistics: bigint;
  readonly tables: readonly BookDigest[];
}

/** The read models were never made, or were not all at one place. */
export class NotDigestible extends Error {
  override readonly name = 'NotDigestible';
}

/**
 * One digest a table of every read model, in one snapshot. They are equal for two ledgers whose tables were made of the same events,
 * at the same times, in the same order, by one version: also on another kind of log, where the same events have other positions, and
 * on another server, of another version. Takes four connections.
 *
 * @throws NotDigestible
 */
export async function digestBooks(pool: pg.Pool): Promise<BooksDigest> {
  return withTransaction(pool, async (tx) => {
    await tx.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY');
    await tx.query('SET LOCAL idle_in_transaction_session_timeout = 0');
    const places = await findPlaces(tx);
    const { rows } = await tx.query<{ snapshot: string }>('SELECT pg_export_snapshot() AS snapshot');
    const [exported] = rows;
    if (!exported) throw new Error('PostgreSQL exported no snapshot');
    return { ...places, tables: await digestTables(pool, exported.snapshot) };
  });
}

/** Side by side, each on a connection of its own that sees what the snapshot sees. */
async function digestTables(pool: pg.Pool, snapshot: string): Promise<readonly BookDigest[]> {
  const tables = allProjections('').flatMap(({ name, tables: names }) =>
    names.map((table) => ({ name: `${name}.${table}`, schema: schemaOf(name), table })),
  );
  const digests = new Map<string, BookDigest>();
  await new Lanes<(typeof tables)[number]>(LANES).run(tables, ({ name, schema, table }) =>
    withTransaction(pool, async (tx) => {
      await tx.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY');
      await tx.query(`SET TRANSACTION SNAPSHOT '${snapshot}'`);
      // Every server must write the same texts.
      await tx.query(
        `SET LOCAL TimeZone = 'UTC'; SET LOCAL DateStyle = 'ISO, YMD'; SET LOCAL bytea_output = 'hex'`,
      );
      // Ranks are of whole rows in order, which are not to be sorted on the disk.
      await tx.query(`SET LOCAL statement_timeout = 0; SET LOCAL work_mem = '64MB'`);
      digests.set(name, { table: name, ...(await digestRows(tx, schema, table)) });
    }),
  );
  return tables.flatMap(({ name }) => digests.get(name) ?? []);
}

async function findPlaces(tx: Queryable): Promise<Pick<BooksDigest, 'ledger' | 'statistics'>> {
  const projections = allProjections('');
  const names = projections.map(({ name }) => name);
  const checkpoints = await readCheckpoints(tx, names, 'live');
  if (checkpoints.length < projections.length)
    throw new NotDigestible('the read models have not been made: start a projector first');
  const groupOf = new Map(projections.map(({ name, group }) => [name, group]));
  const at = (group: 'ledger' | 'statistics'): bigint => {
    const places = checkpoints.filter(({ projection }) => groupOf.get(projection) === group);
    const [first, ...others] = new Set(places.map(({ position }) => position));
    if (first === undefined || others.length > 0)
      throw new NotDigestible('a read model is still on its way to where the others are');
    return first;
  };
  return { ledger: at('ledger'), statistics: at('statistics') };
}

/** The tables of which two digests differ. */
export function differencesOf(one: BooksDigest, other: BooksDigest): readonly string[] {
  const others = new Map(other.tables.map((table) => [table.table, table]));
  const differing = one.tables.filter(({ table, rows, digest }) => {
    const counterpart = others.get(table);
    return counterpart?.rows !== rows || counterpart.digest !== digest;
  });
  const known = new Set(one.tables.map(({ table }) => table));
  const surplus = other.tables.filter(({ table }) => !known.has(table));
  return [...differing, ...surplus].map(({ table }) => table);
}
