import { type Queryable, schemaOf } from '../runtime/projection.js';

/** What calls of a stretch of days came to. */
export interface TrafficTotal {
  /** How many days, today included. */
  readonly days: number;
  /** The first of them, `YYYY-MM-DD`. */
  readonly from: string;
  /** Charges and their corrections. */
  readonly quota: bigint;
  /** Calls that were answered. */
  readonly requests: number;
  /** Calls that were refused or failed. */
  readonly failed: number;
}

export interface TrafficTotals {
  /** In which the days begin. */
  readonly timezone: string;
  /** Everything up to here is counted. */
  readonly position: bigint;
  readonly totals: readonly TrafficTotal[];
}

interface Row {
  readonly zone: string;
  readonly position: bigint;
  readonly days: number;
  readonly first_day: string;
  readonly quota: string;
  readonly requests: string;
  readonly failed: string;
}

/** Of all accounts together, one total for each number of days up to today. Undefined while the tables are being made. */
export async function readTrafficTotals(
  db: Queryable,
  days: readonly number[],
  now: Date,
): Promise<TrafficTotals | undefined> {
  const { rows } = await db.query<Row>(
    `WITH m AS MATERIALIZED (
       SELECT position, split_part(version, ':', 2) AS zone, ($1::timestamptz AT TIME ZONE split_part(version, ':', 2))::date AS today
       FROM projection_checkpoints WHERE projection = 'statistics' AND slot = 'live')
     SELECT m.zone, m.position, p.days, m.today - p.days + 1 AS first_day,
            coalesce(sum(d.quota) FILTER (WHERE d.model <> '' AND d.type IN ('consume', 'adjust')), 0) AS quota,
            coalesce(sum(d.requests), 0) AS requests, coalesce(sum(d.failed), 0) AS failed
     FROM m CROSS JOIN unnest($2::int[]) AS p (days)
     LEFT JOIN ${schemaOf('statistics')}.daily_traffic d ON d.day > m.today - p.days AND d.day <= m.today
     GROUP BY m.zone, m.position, m.today, p.days ORDER BY p.days`,
    [now, days],
  );
  const [first] = rows;
  return (
    first && {
      timezone: first.zone,
      position: first.position,
      totals: rows.map(({ days: stretch, first_day: from, quota, requests, failed }) => ({
        days: stretch,
        from,
        quota: BigInt(quota),
        requests: Number(requests),
        failed: Number(failed),
      })),
    }
  );
}
