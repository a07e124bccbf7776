import Table from 'cli-table3';

type Cell = string | number | bigint | boolean | null | undefined;
export type Row = Readonly<Record<string, Cell>>;

/** Rows as a table a person reads; numbers to the right. */
export function table(columns: readonly string[], rows: readonly Row[]): string {
  const numeric = (column: string) =>
    rows.length > 0 && rows.every((row) => /^(number|bigint)$/.test(typeof row[column]));
  const drawn = new Table({
    head: [...columns],
    colAligns: columns.map((column) => (numeric(column) ? 'right' : 'left')),
    style: { head: [], border: [], compact: true },
  });
  for (const row of rows) drawn.push(columns.map((column) => formatCell(row[column])));
  return drawn.toString();
}

function formatCell(value: Cell): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'bigint' || typeof value === 'number'
    ? value.toLocaleString('en-US')
    : String(value);
}
