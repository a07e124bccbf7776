/** One line of CSV (RFC 4180, CRLF), quoted where needed. */
export function csvLine(cells: readonly (string | number | bigint | null)[]): string {
  return `${cells.map(quoted).join(',')}\r\n`;
}

function quoted(cell: string | number | bigint | null): string {
  const text = cell === null ? '' : String(cell);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** For what people open in a spreadsheet. */
export const BYTE_ORDER_MARK = '\uFEFF';

/** Text that a spreadsheet would take for a formula begins with an apostrophe; amounts are left as they are. */
export const harmless = (text: string): string =>
  /^[=+@\t\r]|^-(?!\d+(\.\d+)?$)/.test(text) ? `'${text}` : text;
