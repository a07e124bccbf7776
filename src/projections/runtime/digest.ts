import type pg from 'pg';
import { type Projection, type Queryable, schemaOf, type Slot } from './projection.js';

/** What is in a table, whatever the order of its rows: the number of rows and a 128-bit sum over the rows' text. */
export interface TableDigest {
  readonly table: string;
  readonly rows: bigint;
  readonly digest: string;
}

/**
 * One digest a table. Two sets of tables made by one version from the same events have equal ones.
 * Reads every row once; run it in one snapshot (`REPEATABLE READ`) when the tables are live.
 */
export async function digestTables(
  tx: Queryable,
  projection: Projection,
  slot: Slot = 'live',
): Promise<readonly TableDigest[]> {
  const digests: TableDigest[] = [];
  for (const table of projection.tables) {
    digests.push({ table, ...(await digestTable(tx, `${schemaOf(projection.name, slot)}.${table}`)) });
  }
  return digests;
}

const LONGEST_DIGEST_MS = 6 * 3_600_000;

// A sum, not an aggregate over sorted rows: ten million rows need neither a sort nor memory.
async function digestTable(tx: Queryable, table: string): Promise<Omit<TableDigest, 'table'>> {
  const { rows } = await tx.query<{ rows: bigint; one: string; two: string }>({
    // The pool's own would end it after half a minute.
    query_timeout: LONGEST_DIGEST_MS,
    // OFFSET 0 keeps the planner from writing each row down twice, and parallel workers are still used.
    text: `SELECT count(*) AS rows, coalesce(sum(hashtextextended(row, 0)), 0) AS one, coalesce(sum(hashtextextended(row, 1)), 0) AS two
           FROM (SELECT r::text AS row FROM ${table} r OFFSET 0) rows`,
  } as pg.QueryConfig);
  const [row] = rows;
  if (!row) throw new Error(`no digest of ${table}`);
  return { rows: row.rows, digest: hex(row.one) + hex(row.two) };
}

const hex = (sum: string): string => BigInt.asUintN(64, BigInt(sum)).toString(16).padStart(16, '0');
