/** One line of CSV (RFC 4180, CRLF), quoted where needed. */
export function csvLine(cells: readonly (string | number | bigint | null)[]): string {
  return `${cells.map(quoted).join(',')}\r\n`;
}

function quoted(cell: string | number | bigint | null): string {
  const text = cell === null ? '' : String(cell);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
