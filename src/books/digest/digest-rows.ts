import type pg from 'pg';
import type { Queryable } from '../../projections/runtime/projection.js';

const LONGEST_DIGEST_MS = 6 * 3_600_000;

/**
 * Number of rows and a sum over the hashes of their texts. A position counts by its rank among those of the table: the same events are at
 * other places in another log, and in the same order. MD5, since it is the same on every server; it guards against accidents, not people.
 */
export async function digestRows(
  tx: Queryable,
  schema: string,
  table: string,
): Promise<{ readonly rows: bigint; readonly digest: string }> {
  const columns = (await columnsOf(tx, schema, table)).map(canonical).join(', ');
  const { rows } = await tx.query<{ rows: bigint; one: string; two: string }>({
    // The pool's own would end it after half a minute.
    query_timeout: LONGEST_DIGEST_MS,
    // OFFSET 0 keeps the planner from writing each row down twice. A sum needs no sort, and no memory.
    text: `SELECT count(*) AS rows, ${sumOfHalf(1)} AS one, ${sumOfHalf(17)} AS two
           FROM (SELECT md5(r::text) AS hash FROM (SELECT ${columns} FROM ${schema}.${table}) r OFFSET 0) rows`,
  } as pg.QueryConfig);
  const [row] = rows;
  if (!row) throw new Error(`no digest of ${schema}.${table}`);
  return { rows: row.rows, digest: hex(row.one) + hex(row.two) };
}

const canonical = (column: string): string =>
  column === 'position' ? 'dense_rank() OVER (ORDER BY position) AS position' : `"${column}"`;

const sumOfHalf = (from: number): string =>
  `coalesce(sum(('x' || substr(hash, ${from}, 16))::bit(64)::bigint), 0)`;

const hex = (sum: string): string => BigInt.asUintN(64, BigInt(sum)).toString(16).padStart(16, '0');

/** By name: a table that columns were added to has them in another order than one that was made with them. */
async function columnsOf(tx: Queryable, schema: string, table: string): Promise<readonly string[]> {
  const { rows } = await tx.query<{ name: string }>(
    `SELECT attname AS name FROM pg_attribute
     WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped ORDER BY attname COLLATE "C"`,
    [`${schema}.${table}`],
  );
  if (rows.length === 0) throw new Error(`${schema}.${table} is not there`);
  return rows.map(({ name }) => name);
}
