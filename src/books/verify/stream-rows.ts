import type { Queryable } from '../../projections/runtime/projection.js';

const ROWS_A_FETCH = 5_000;

/** Rows of a query of any size, in bounded memory. Needs a transaction; one at a time in it. */
export async function* streamRows<Row extends object>(tx: Queryable, sql: string): AsyncGenerator<Row> {
  await tx.query(`DECLARE rows_of_books NO SCROLL CURSOR FOR ${sql}`);
  for (;;) {
    const { rows } = await tx.query<Row>(`FETCH ${ROWS_A_FETCH} FROM rows_of_books`);
    yield* rows;
    if (rows.length < ROWS_A_FETCH) break;
  }
  await tx.query('CLOSE rows_of_books');
}
