import { type Queryable, schemaOf } from '../runtime/projection.js';

/** More rows say nothing more, and a bound keeps the question cheap however long the history is. */
const NEWEST_ROWS = 10_000;

/** How long answered calls took, upstream included. */
export interface ResponseTimes {
  readonly calls: number;
  /** When the oldest of them was recorded. */
  readonly since: Date;
  readonly p50Ms: number;
  readonly p95Ms: number;
}

interface Row {
  readonly calls: bigint;
  readonly since: Date | null;
  readonly p50: bigint | null;
  readonly p95: bigint | null;
}

/** Of those among the newest rows of the history that were recorded since. Undefined: there was none. */
export async function readResponseTimes(db: Queryable, since: Date): Promise<ResponseTimes | undefined> {
  const { rows } = await db.query<Row>(
    `SELECT count(*) AS calls, min(recorded_at) AS since,
            percentile_disc(0.5) WITHIN GROUP (ORDER BY duration_ms) AS p50,
            percentile_disc(0.95) WITHIN GROUP (ORDER BY duration_ms) AS p95
     FROM (SELECT type, duration_ms, recorded_at FROM ${schemaOf('usage-log')}.log_rows ORDER BY position DESC LIMIT ${NEWEST_ROWS}) newest
     WHERE recorded_at >= $1 AND type = 'consume' AND duration_ms IS NOT NULL`,
    [since],
  );
  const [row] = rows;
  if (!row || row.since === null) return undefined;
  return { calls: Number(row.calls), since: row.since, p50Ms: Number(row.p50), p95Ms: Number(row.p95) };
}
