import type pg from 'pg';

const ROWS_A_PAGE = 5_000;
/** The first page of a large sort takes longer than a pool's queries may. */
const LONGEST_PAGE_MS = 60 * 60 * 1000;

/**
 * Rows of a query of any size, in bounded memory. Needs a transaction, without a limit of the server's own where it may take long; of one
 * name there is one at a time in it.
 */
export async function* rowPages<Row extends object>(
  tx: Pick<pg.ClientBase, 'query'>,
  name: string,
  sql: string,
): AsyncGenerator<readonly Row[]> {
  await tx.query(`DECLARE ${name} NO SCROLL CURSOR FOR ${sql}`);
  const page = { text: `FETCH ${ROWS_A_PAGE} FROM ${name}`, query_timeout: LONGEST_PAGE_MS };
  for (;;) {
    const { rows } = await tx.query<Row>(page);
    if (rows.length > 0) yield rows;
    if (rows.length < ROWS_A_PAGE) break;
  }
  await tx.query(`CLOSE ${name}`);
}
