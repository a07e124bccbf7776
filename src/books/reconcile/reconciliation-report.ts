import { BYTE_ORDER_MARK, csvLine } from '../../support/csv-text.js';

export type ReportCell = string | number | null;
export type ReportRow = Readonly<Record<string, ReportCell>>;

/** What a reconciliation found. It has no time of its own making: the same files and books give the same bytes. */
export interface Report {
  /** What was compared: file, digest, period. */
  readonly facts: Readonly<Record<string, ReportCell>>;
  readonly totals: readonly ReportRow[];
  /** Of all rows, the ones that agree included; the first column is `class`. */
  readonly columns: readonly string[];
  readonly rows: readonly ReportRow[];
  readonly isClean: boolean;
}

/** Every row for a spreadsheet: UTF-8 with a byte order mark, as spreadsheets need it to read other letters than ASCII. */
export function* csvOf({ columns, rows }: Report): Generator<string> {
  yield BYTE_ORDER_MARK + csvLine(columns);
  for (const row of rows) yield csvLine(columns.map((column) => row[column] ?? null));
}

/** The whole report as one JSON object, one row a line. */
export function* jsonOf({ facts, totals, rows, isClean }: Report): Generator<string> {
  yield `{"facts":${JSON.stringify(facts)},\n"clean":${isClean},\n"totals":${JSON.stringify(totals)},\n"rows":[`;
  for (const [index, row] of rows.entries()) yield `${index === 0 ? '' : ','}\n${JSON.stringify(row)}`;
  yield '\n]}\n';
}
