/** What a spreadsheet would run as a formula gets an apostrophe before it. */
const harmless = (cell: string) =>
  /^[=+\-@\t\r]/.test(cell) && !/^-?\d[\d.]*$/.test(cell) ? `'${cell}` : cell;

const quoted = (cell: string) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);

/** RFC 4180, with the mark by which spreadsheets know UTF-8. */
export const csvText = (rows: readonly (readonly (string | number)[])[]): string =>
  `\uFEFF${rows.map((row) => row.map((cell) => quoted(harmless(String(cell)))).join(',')).join('\r\n')}\r\n`;
