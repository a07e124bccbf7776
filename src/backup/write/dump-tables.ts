import type pg from 'pg';
import { withTransaction } from '../../postgres/pool.js';
import { writePacked } from '../folder/packed-file.js';
import type { KeptTable, Manifest } from '../manifest.js';
import { KEPT_SEQUENCES, KEPT_TABLES } from '../tables.js';

const ROWS_AT_ONCE = 2_000;

export interface TablesTarget {
  readonly folder: string;
  readonly run: number;
  readonly key: Uint8Array | undefined;
  /** A table is written. */
  readonly onTable?: ((table: Pick<KeptTable, 'table' | 'rows'>) => void) | undefined;
}

/**
 * Writes down what only the database has, all of it in one snapshot, each row as a line of JSON that PostgreSQL itself made and reads
 * again: no number is ever a double on the way.
 */
export async function dumpTables(
  pool: pg.Pool,
  target: TablesTarget,
): Promise<Pick<Manifest, 'tables' | 'sequences' | 'schema'>> {
  return withTransaction(pool, async (tx) => {
    await tx.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY');
    await tx.query('SET LOCAL statement_timeout = 0');
    await tx.query('SET LOCAL idle_in_transaction_session_timeout = 0');
    await tx.query(`SET LOCAL TimeZone = 'UTC'`);
    const { rows } = await tx.query<{ now: Date; schema: number }>(
      'SELECT now(), (SELECT max(number) FROM schema_migrations) AS schema',
    );
    const [at] = rows;
    if (!at) throw new Error('the database does not say which schema it has');
    const kept: KeptTable[] = [];
    for (const { table, by } of KEPT_TABLES) {
      const dumped = await dumpTable(tx, { table, by }, target);
      kept.push(dumped);
      target.onTable?.(dumped);
    }
    return {
      schema: at.schema,
      tables: { read_at: at.now.toISOString(), kept },
      sequences: await readSequences(tx),
    };
  });
}

async function dumpTable(
  tx: pg.ClientBase,
  { table, by }: { readonly table: string; readonly by: string },
  { folder, run, key }: TablesTarget,
): Promise<KeptTable> {
  let rows = 0;
  async function* lines(): AsyncGenerator<string> {
    await tx.query(
      `DECLARE kept NO SCROLL CURSOR FOR SELECT row_to_json(t)::text AS line FROM ${table} t ORDER BY ${by}`,
    );
    for (;;) {
      const page = await tx.query<{ line: string }>(`FETCH ${ROWS_AT_ONCE} FROM kept`);
      rows += page.rows.length;
      if (page.rows.length > 0) yield page.rows.map(({ line }) => `${line}\n`).join('');
      if (page.rows.length < ROWS_AT_ONCE) break;
    }
    await tx.query('CLOSE kept');
  }
  const file = await writePacked(folder, `tables/${run}.${table}.ndjson.gz`, lines(), key);
  return { ...file, table, columns: await columnsOf(tx, table), rows };
}

/** Those that have a value of their own. */
export async function columnsOf(tx: Pick<pg.ClientBase, 'query'>, table: string): Promise<string[]> {
  const { rows } = await tx.query<{ name: string }>(
    `SELECT attname::text AS name FROM pg_attribute
     WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = '' ORDER BY attnum`,
    [table],
  );
  return rows.map(({ name }) => name);
}

async function readSequences(tx: pg.ClientBase): Promise<Manifest['sequences']> {
  const { rows } = await tx.query<{ name: string; last: bigint | null }>(
    `SELECT sequencename::text AS name, last_value AS last FROM pg_sequences
     WHERE schemaname = 'public' AND sequencename = ANY($1)`,
    [KEPT_SEQUENCES],
  );
  return Object.fromEntries(rows.map(({ name, last }) => [name, last]));
}
