import { type Queryable, schemaOf } from '../runtime/projection.js';

/** More rows say nothing more, and a bound keeps the question cheap however long the history is. */
const NEWEST_ROWS = 10_000;
/** Of fewer calls a share says nothing. */
const LEAST_CALLS = 20;

/** How many calls of an account were refused or failed since, counted up to `most`. */
export async function countFailures(
  db: Queryable,
  accountId: string,
  { since, most }: { readonly since: Date; readonly most: number },
): Promise<number> {
  const { rows } = await db.query<{ failed: bigint }>(
    `SELECT count(*) AS failed FROM (
       SELECT FROM ${schemaOf('usage-log')}.log_rows
       WHERE account_id = $1 AND recorded_at >= $2 AND type = 'error' LIMIT $3) found`,
    [accountId, since, most],
  );
  return Number(rows[0]?.failed ?? 0);
}

/** Of the newest calls that were recorded since: how many in a hundred were refused or failed. Undefined: there were too few. */
export async function shareOfFailures(db: Queryable, since: Date): Promise<number | undefined> {
  const { rows } = await db.query<{ calls: bigint; failed: bigint }>(
    `SELECT count(*) AS calls, count(*) FILTER (WHERE type = 'error') AS failed
     FROM (SELECT type, recorded_at FROM ${schemaOf('usage-log')}.log_rows ORDER BY position DESC LIMIT ${NEWEST_ROWS}) newest
     WHERE recorded_at >= $1 AND type IN ('consume', 'error')`,
    [since],
  );
  const [calls, failed] = [Number(rows[0]?.calls ?? 0), Number(rows[0]?.failed ?? 0)];
  return calls < LEAST_CALLS ? undefined : Math.round((failed * 100) / calls);
}
