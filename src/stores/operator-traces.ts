import type pg from 'pg';
import type { OperatorTraces, TraceKind, TraceRow } from '../domain/operator/trace.js';

const KEPT_DAYS = 90;

interface SqlRow {
  readonly id: bigint;
  readonly kind: TraceKind;
  readonly name: string;
  readonly address_block: string;
  readonly reason: string;
  readonly route: string;
  readonly times: bigint;
  readonly first_at: Date;
  readonly last_at: Date;
}

/** Kept in PostgreSQL, beside the log: addresses of people do not belong into a log that forgets nothing. */
export function createOperatorTraces(pool: Pick<pg.Pool, 'query'>): OperatorTraces {
  return {
    note: async ({ kind, name, addressBlock, reason, route }, at) => {
      await pool.query(
        `INSERT INTO operator_traces AS t (hour, kind, name, address_block, reason, route, first_at, last_at)
         VALUES (date_trunc('hour', $1::timestamptz, 'UTC'), $2, $3, $4, $5, $6, $1, $1)
         ON CONFLICT (hour, kind, name, address_block, reason, route)
           DO UPDATE SET times = t.times + 1, last_at = greatest(t.last_at, excluded.last_at)`,
        [at, kind, name, addressBlock, reason, route],
      );
    },
    list: async ({ kind, name, addressBlock }, { after, limit }) => {
      const { rows } = await pool.query<SqlRow>(
        `SELECT * FROM operator_traces
         WHERE id > $1 AND ($3::text IS NULL OR kind = $3) AND ($4::text IS NULL OR name = $4)
           AND ($5::text IS NULL OR address_block = $5)
         ORDER BY id LIMIT $2`,
        [after, limit, kind ?? null, name ?? null, addressBlock ?? null],
      );
      return rows.map(rowOf);
    },
    purge: async (now) => {
      const { rowCount } = await pool.query(
        `DELETE FROM operator_traces WHERE last_at < $1::timestamptz - $2 * interval '1 day'`,
        [now, KEPT_DAYS],
      );
      return rowCount ?? 0;
    },
  };
}

const rowOf = (row: SqlRow): TraceRow => ({
  id: Number(row.id),
  kind: row.kind,
  name: row.name,
  addressBlock: row.address_block,
  reason: row.reason,
  route: row.route,
  times: Number(row.times),
  firstAt: row.first_at,
  lastAt: row.last_at,
});
