import type pg from 'pg';
import type { JsonObject } from '../../eventstore/event-store.js';
import { jsonRows } from '../../projections/runtime/rows.js';
import type { Queryable } from '../../projections/runtime/projection.js';
import type { Message, MessageSource, OutboxEntry } from './message.js';
import type { Failure, Outbox, OutboxFigures, OutboxQuery } from './outbox.js';

const MAX_FAULT = 500;

const COLUMNS = `id, receiver, kind, order_key, payload, source, position, state, attempts, due_at, last_fault, created_at, ended_at`;

interface Row {
  readonly id: string;
  readonly receiver: string;
  readonly kind: string;
  readonly order_key: string | null;
  readonly payload: JsonObject;
  readonly source: string;
  readonly position: bigint | null;
  readonly state: OutboxEntry['state'];
  readonly attempts: number;
  readonly due_at: Date;
  readonly last_fault: string | null;
  readonly created_at: Date;
  readonly ended_at: Date | null;
}

/** The outbox in the table `outbox`. */
export class PostgresOutbox implements Outbox {
  constructor(private readonly pool: pg.Pool) {}

  async add(tx: Queryable, messages: readonly Message[], { source, position }: MessageSource): Promise<void> {
    if (messages.length === 0) return;
    const rows = messages.map(({ orderKey, dueAt, ...message }) => ({
      ...message,
      order_key: orderKey ?? null,
      due_at: dueAt ?? null,
    }));
    await tx.query(
      `INSERT INTO outbox (id, receiver, kind, order_key, payload, due_at, source, position)
       SELECT id, receiver, kind, order_key, payload, coalesce(due_at, now()), $2, $3
       FROM json_to_recordset($1) AS row (id uuid, receiver text, kind text, order_key text, payload jsonb, due_at timestamptz)
       ON CONFLICT (id) DO NOTHING`,
      [jsonRows(rows), source, position],
    );
  }

  async claim(limit: number, leaseMs: number): Promise<readonly OutboxEntry[]> {
    const { rows } = await this.pool.query<Row>(
      `UPDATE outbox SET attempts = attempts + 1, lease_until = now() + $2 * interval '1 millisecond'
       WHERE id IN (
         SELECT id FROM outbox o
         WHERE state = 'waiting' AND due_at <= now() AND (lease_until IS NULL OR lease_until < now())
           AND NOT EXISTS (
             SELECT FROM outbox earlier
             WHERE earlier.state = 'waiting' AND earlier.receiver = o.receiver AND earlier.order_key = o.order_key
               AND earlier.sequence < o.sequence)
         ORDER BY due_at, sequence LIMIT $1 FOR UPDATE SKIP LOCKED)
       RETURNING ${COLUMNS}`,
      [limit, leaseMs],
    );
    return rows.map(entryOf);
  }

  async delivered({ id, attempts }: Pick<OutboxEntry, 'id' | 'attempts'>): Promise<boolean> {
    const { rowCount } = await this.pool.query(
      `UPDATE outbox SET state = 'delivered', ended_at = now(), lease_until = NULL
       WHERE id = $1 AND attempts = $2 AND state = 'waiting'`,
      [id, attempts],
    );
    return rowCount === 1;
  }

  async failed(
    { id, attempts }: Pick<OutboxEntry, 'id' | 'attempts'>,
    { reason, againInMs }: Failure,
  ): Promise<boolean> {
    const { rowCount } = await this.pool.query(
      `UPDATE outbox
       SET state = CASE WHEN $4::float8 IS NULL THEN 'dead' ELSE 'waiting' END,
           ended_at = CASE WHEN $4::float8 IS NULL THEN now() END,
           due_at = coalesce(now() + $4::float8 * interval '1 millisecond', due_at), lease_until = NULL, last_fault = $3
       WHERE id = $1 AND attempts = $2 AND state = 'waiting'`,
      [id, attempts, reason.slice(0, MAX_FAULT), againInMs],
    );
    return rowCount === 1;
  }

  async list({ state, receiver, limit }: OutboxQuery): Promise<readonly OutboxEntry[]> {
    const { rows } = await this.pool.query<Row>(
      `SELECT ${COLUMNS} FROM outbox
       WHERE ($1::text IS NULL OR state = $1) AND ($2::text IS NULL OR receiver = $2)
       ORDER BY sequence DESC LIMIT $3`,
      [state, receiver, limit],
    );
    return rows.map(entryOf);
  }

  async find(id: string): Promise<OutboxEntry | undefined> {
    const { rows } = await this.pool.query<Row>(`SELECT ${COLUMNS} FROM outbox WHERE id = $1`, [id]);
    return rows[0] && entryOf(rows[0]);
  }

  async retry(ids: readonly string[] | 'all-dead'): Promise<number> {
    const all = ids === 'all-dead';
    const { rowCount } = await this.pool.query(
      `UPDATE outbox SET state = 'waiting', attempts = 0, due_at = now(), lease_until = NULL, ended_at = NULL
       WHERE ${all ? `state = 'dead'` : `state IN ('dead', 'discarded') AND id = ANY($1)`}`,
      all ? [] : [ids],
    );
    return rowCount ?? 0;
  }

  async discard(ids: readonly string[]): Promise<number> {
    const { rowCount } = await this.pool.query(
      `UPDATE outbox SET state = 'discarded', ended_at = now(), lease_until = NULL
       WHERE state IN ('waiting', 'dead') AND id = ANY($1)`,
      [ids],
    );
    return rowCount ?? 0;
  }

  async figures(): Promise<OutboxFigures> {
    const { rows } = await this.pool.query<{ waiting: bigint; dead: bigint; oldest: number | null }>(
      `SELECT count(*) FILTER (WHERE state = 'waiting') AS waiting, count(*) FILTER (WHERE state = 'dead') AS dead,
              extract(epoch FROM now() - min(due_at) FILTER (WHERE state = 'waiting' AND due_at <= now()))::float8 AS oldest
       FROM outbox WHERE state IN ('waiting', 'dead')`,
    );
    const [row] = rows;
    return {
      waiting: Number(row?.waiting ?? 0),
      dead: Number(row?.dead ?? 0),
      oldestSeconds: row?.oldest ?? 0,
    };
  }

  async prune(days: number): Promise<number> {
    const { rowCount } = await this.pool.query(
      `DELETE FROM outbox WHERE state IN ('delivered', 'discarded') AND ended_at < now() - $1 * interval '1 day'`,
      [days],
    );
    return rowCount ?? 0;
  }
}

const entryOf = (row: Row): OutboxEntry => ({
  id: row.id,
  receiver: row.receiver,
  kind: row.kind,
  orderKey: row.order_key ?? undefined,
  payload: row.payload,
  source: row.source,
  position: row.position ?? undefined,
  state: row.state,
  attempts: row.attempts,
  dueAt: row.due_at,
  lastFault: row.last_fault ?? undefined,
  createdAt: row.created_at,
  endedAt: row.ended_at ?? undefined,
});
