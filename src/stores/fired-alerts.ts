import type pg from 'pg';
import type { FiredAlert } from '../domain/operator/fired-alert.js';

type Db = Pick<pg.Pool, 'query'>;

interface Row {
  readonly id: string;
  readonly key: string;
  readonly kind: string;
  readonly details: FiredAlert['details'];
  readonly occurrence: number;
  readonly raised_at: Date;
  readonly resolved_at: Date | null;
  readonly resolved_by: string | null;
  readonly acknowledged_by: string | null;
  readonly acknowledged_at: Date | null;
  readonly snoozed_by: string | null;
  readonly snoozed_until: Date | null;
}

// What was said of an earlier occurrence says nothing of this one.
const SEEN = 'acknowledged_at >= raised_at';
const SNOOZED = 'snoozed_at >= raised_at AND snoozed_until > now()';
const SELECT = `SELECT id, key, kind, details, occurrence, raised_at, resolved_at, resolved_by,
       CASE WHEN ${SEEN} THEN acknowledged_by END AS acknowledged_by, CASE WHEN ${SEEN} THEN acknowledged_at END AS acknowledged_at,
       CASE WHEN ${SNOOZED} THEN snoozed_by END AS snoozed_by, CASE WHEN ${SNOOZED} THEN snoozed_until END AS snoozed_until
     FROM alerts`;
const MOST = 200;

/** Those that are not over first, then the newest. */
export async function firedAlerts(
  db: Db,
  state: 'open' | 'resolved' | undefined,
): Promise<readonly FiredAlert[]> {
  const { rows } = await db.query<Row>(
    `${SELECT} WHERE $1::text IS NULL OR (resolved_at IS NULL) = ($1 = 'open')
     ORDER BY resolved_at IS NULL DESC, raised_at DESC, key LIMIT $2`,
    [state ?? null, MOST],
  );
  return rows.map(alertOf);
}

export async function firedAlert(db: Db, id: string): Promise<FiredAlert | undefined> {
  const { rows } = await db.query<Row>(`${SELECT} WHERE id = $1`, [id]);
  return rows[0] && alertOf(rows[0]);
}

/** Somebody has seen it. @returns whether it is open */
export async function acknowledgeAlert(db: Db, id: string, by: string): Promise<boolean> {
  const { rowCount } = await db.query(
    'UPDATE alerts SET acknowledged_by = $2, acknowledged_at = now() WHERE id = $1 AND resolved_at IS NULL',
    [id, by],
  );
  return rowCount === 1;
}

/** It waits for nobody until then. @returns whether it is open */
export async function snoozeAlert(db: Db, id: string, by: string, until: Date): Promise<boolean> {
  const { rowCount } = await db.query(
    `UPDATE alerts SET snoozed_by = $2, snoozed_at = now(), snoozed_until = $3
     WHERE id = $1 AND resolved_at IS NULL`,
    [id, by, until],
  );
  return rowCount === 1;
}

/** Beside what ended it: who said so. */
export async function noteResolver(db: Db, id: string, by: string): Promise<void> {
  await db.query('UPDATE alerts SET resolved_by = $2 WHERE id = $1', [id, by]);
}

/** Those that are not over, and that nobody has seen or put off. */
export async function countUnseenAlerts(db: Db): Promise<number> {
  const { rows } = await db.query<{ open: bigint }>(
    `SELECT count(*) AS open FROM alerts
     WHERE resolved_at IS NULL AND (${SEEN}) IS NOT TRUE AND (${SNOOZED}) IS NOT TRUE`,
  );
  return Number(rows[0]?.open ?? 0);
}

function alertOf(row: Row): FiredAlert {
  const { severity, summary, ...details } = row.details;
  return {
    id: row.id,
    key: row.key,
    kind: row.kind,
    severity: severity === 'critical' ? 'critical' : 'warning',
    summary: typeof summary === 'string' ? summary : '',
    details,
    occurrence: row.occurrence,
    raisedAt: row.raised_at,
    resolvedAt: row.resolved_at ?? undefined,
    resolvedBy: row.resolved_by ?? undefined,
    acknowledged:
      row.acknowledged_by !== null && row.acknowledged_at
        ? { by: row.acknowledged_by, at: row.acknowledged_at }
        : undefined,
    snoozed:
      row.snoozed_by !== null && row.snoozed_until
        ? { by: row.snoozed_by, until: row.snoozed_until }
        : undefined,
  };
}
