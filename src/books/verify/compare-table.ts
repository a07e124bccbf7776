import { rowPages } from '../../postgres/row-pages.js';
import type { Queryable } from '../../projections/runtime/projection.js';
import { canonicalJson, type Fields, Finding } from './check.js';
import { fieldsOf } from './page-checks.js';

type Row = Readonly<Record<string, unknown>>;

export interface TableCheck {
  readonly name: string;
  /** With its schema: every column of it is compared. */
  readonly table: string;
  /** What the rows are found by; not compared again. */
  readonly keys: readonly string[];
  readonly expected: Iterable<readonly [string, Fields]> & { get(key: string): Fields | undefined };
  /** Columns that hold jsonb. */
  readonly json?: readonly string[];
  /** How the fold calls a row, where that is not its keys one after the other. */
  keyOf?(row: Row): string;
  /** The account that a row belongs to, where the row itself does not say. */
  accountOf?(key: string): string | null;
}

/** Compares a whole table with rows by key; rows of the fold that the table does not have are found at the end. */
export async function compareTable(tx: Queryable, check: TableCheck): Promise<Finding> {
  const finding = new Finding(check.name);
  const seen = new Set<string>();
  const keyOf = (row: Row): string =>
    check.keyOf?.(row) ?? check.keys.map((name) => String(row[name])).join(' ');
  const accountOf = (key: string, fields: Fields): string | null =>
    check.accountOf?.(key) ?? fields.account_id?.toString() ?? null;
  for await (const row of streamRows<Row>(tx, `SELECT * FROM ${check.table}`)) {
    const key = keyOf(row);
    const found = fieldsOf(check.json ? withJsonText(row, check.json) : row, check.keys);
    seen.add(key);
    finding.compare(key, accountOf(key, found), check.expected.get(key), found);
  }
  for (const [key, fields] of check.expected) {
    if (!seen.has(key)) finding.compare(key, accountOf(key, fields), fields, undefined);
  }
  return finding;
}

function withJsonText(row: Row, columns: readonly string[]): Row {
  return { ...row, ...Object.fromEntries(columns.map((name) => [name, canonicalJson(row[name])] as const)) };
}

/** Rows of a query of any size, in bounded memory. Needs a transaction; one at a time in it. */
async function* streamRows<Row extends object>(tx: Queryable, sql: string): AsyncGenerator<Row> {
  for await (const rows of rowPages<Row>(tx, 'rows_of_books', sql)) yield* rows;
}
