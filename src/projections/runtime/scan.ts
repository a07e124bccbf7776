interface Page {
  readonly after: number;
  readonly limit: number;
}

/** So many rows are read and opened in some 20 ms: others have their turn in between. */
const ROWS_A_LOOK = 1_000;

/**
 * Rows by rising numbers that a condition is true of, where the query cannot judge it because what it is about is sealed in the tables.
 * Looks at all rows, if need be: for people who search, not for programs.
 */
export async function scan<Row>(
  read: (page: Page) => Promise<readonly Row[]>,
  numberOf: (row: Row) => number,
  matches: (row: Row) => boolean,
  { after, limit }: Page,
): Promise<readonly Row[]> {
  const found: Row[] = [];
  for (let from = after; ;) {
    const rows = await read({ after: from, limit: ROWS_A_LOOK });
    found.push(...rows.filter(matches));
    const last = rows.at(-1);
    if (found.length >= limit || rows.length < ROWS_A_LOOK || last === undefined)
      return found.slice(0, limit);
    from = numberOf(last);
  }
}

/** Whether a text has another one in it, whatever the case of either. */
export const contains = (text: string, part: string): boolean =>
  text.toLowerCase().includes(part.toLowerCase());
