/**
 * One line of CSV (RFC 4180, CRLF), quoted where needed. A text that a spreadsheet would take for a formula begins with an apostrophe: what
 * users and front ends name things by is opened by accountants.
 */
export function csvLine(cells: readonly (string | number | bigint | null)[]): string {
  return `${cells.map(quoted).join(',')}\r\n`;
}

function quoted(cell: string | number | bigint | null): string {
  const text = typeof cell === 'string' ? harmless(cell) : cell === null ? '' : String(cell);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** For what people open in a spreadsheet. */
export const BYTE_ORDER_MARK = '\uFEFF';

/** Also the wide forms of the signs, and behind white space, which spreadsheets look past. Amounts are left as they are. */
const FORMULA = /^\s*[=+@＝＋＠－\t\r\n]|^\s*-(?!\d+(\.\d+)?$)/;

const harmless = (text: string): string => (FORMULA.test(text) ? `'${text}` : text);
