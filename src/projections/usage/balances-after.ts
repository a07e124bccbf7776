import { type Queryable, schemaOf } from '../runtime/projection.js';
import { COUNTING, LOG } from './history-filter.js';
import type { HistoryEntry } from './history-page.js';

/** The history may be this far ahead of the days that are counted; beyond, balances are not told. */
const MAX_AHEAD = 10_000;

interface Row {
  readonly position: bigint;
  readonly balance: string;
}

/**
 * What an account had right after each of these rows, in the order in which a history is shown: by the days before, which are counted, and by
 * the rows of the row's own day. A balance is the sum of all that was spent, taken the other way. Undefined while the days are not
 * counted.
 */
export async function balancesAfter(
  db: Queryable,
  accountId: string,
  rows: readonly Pick<HistoryEntry, 'id' | 'at'>[],
): Promise<ReadonlyMap<bigint, bigint> | undefined> {
  if (rows.length === 0) return new Map();
  const { rows: found } = await db.query<Row>(SQL, [
    accountId,
    rows.map(({ id }) => id.toString()),
    rows.map(({ at }) => at),
  ]);
  return found.length === 0
    ? undefined
    : new Map(found.map(({ position, balance }) => [position, BigInt(balance)]));
}

const SQL = `
  WITH ${COUNTING},
  ahead AS MATERIALIZED (
    SELECT l.account_id, l.recorded_at, l.spend FROM ${LOG} l WHERE l.position > (SELECT position FROM m)
    ORDER BY l.position LIMIT ${MAX_AHEAD + 1}),
  page AS MATERIALIZED (
    SELECT r.position, r.recorded_at, (r.recorded_at AT TIME ZONE m.zone)::date AS day
    FROM unnest($2::bigint[], $3::timestamptz[]) AS r (position, recorded_at), m),
  days AS MATERIALIZED (
    SELECT day, day::timestamp AT TIME ZONE (SELECT zone FROM m) AS begins, max(recorded_at) AS last FROM page GROUP BY day),
  counted AS MATERIALIZED (
    SELECT u.day, sum(u.quota) AS spent FROM ${schemaOf('statistics')}.daily_usage u
    WHERE u.account_id = $1 AND u.day < (SELECT max(day) FROM days) GROUP BY u.day),
  before AS MATERIALIZED (
    SELECT d.day, d.begins, d.last,
           coalesce((SELECT sum(c.spent) FROM counted c WHERE c.day < d.day), 0)
           + coalesce((SELECT sum(a.spend) FROM ahead a WHERE a.account_id = $1 AND a.recorded_at < d.begins), 0) AS spent
    FROM days d),
  own AS (
    SELECT l.position, b.spent + sum(l.spend) OVER (PARTITION BY b.day ORDER BY l.recorded_at, l.position) AS spent
    FROM before b JOIN ${LOG} l ON l.account_id = $1 AND l.recorded_at >= b.begins AND l.recorded_at <= b.last)
  SELECT own.position, (-own.spent)::text AS balance FROM own JOIN page USING (position)
  WHERE (SELECT count(*) FROM ahead) <= ${MAX_AHEAD}`;
