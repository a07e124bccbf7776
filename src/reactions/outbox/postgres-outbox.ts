import type pg from 'pg';
import type { JsonObject } from '../../eventstore/event-store.js';
import { jsonRows, storableText } from '../../projections/runtime/rows.js';
import type { Queryable } from '../../projections/runtime/projection.js';
import type { Message, MessageSource, OutboxEntry } from './message.js';
import { readFigures } from './figures.js';
import {
  type Failure,
  type Leased,
  LONGEST_LEASE_MS,
  type Outbox,
  type OutboxFigures,
  type OutboxQuery,
} from './outbox.js';

const MAX_FAULT = 500;

const COLUMNS = `id, receiver, kind, order_key, payload, source, position, state, attempts, due_at, leases, last_fault, created_at, ended_at,
  handled_by, sequence`;

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
  readonly leases: number;
  readonly handled_by: string | null;
  readonly sequence: bigint;
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
      `INSERT INTO outbox (id, receiver, kind, order_key, payload, due_at, ready_at, source, position)
       SELECT id, receiver, kind, order_key, payload, coalesce(due_at, now()), coalesce(due_at, now()), $2, $3
       FROM ROWS FROM (json_to_recordset($1) AS (id uuid, receiver text, kind text, order_key text, payload jsonb, due_at timestamptz))
         WITH ORDINALITY ORDER BY ordinality
       ON CONFLICT (id) DO NOTHING`,
      [jsonRows(rows), source, position],
    );
  }

  async claim(receiver: string, limit: number, leaseMs: number): Promise<readonly OutboxEntry[]> {
    const { rows } = await this.pool.query<Row>(
      // By name, so that it is looked for once: as a condition of the update it could be run again for each row, and take more.
      `WITH due (due_id) AS MATERIALIZED (
         SELECT id FROM outbox o
         WHERE state = 'waiting' AND receiver = $3 AND due_at <= now()
           AND (lease_until IS NULL OR lease_until < now() OR lease_until > now() + $4 * interval '1 millisecond')
           AND NOT EXISTS (
             SELECT FROM outbox earlier
             WHERE earlier.state = 'waiting' AND earlier.receiver = o.receiver AND earlier.order_key = o.order_key
               AND earlier.sequence < o.sequence)
         ORDER BY due_at, sequence LIMIT $1 FOR UPDATE SKIP LOCKED)
       UPDATE outbox SET attempts = attempts + 1, leases = leases + 1, lease_until = now() + $2 * interval '1 millisecond'
       FROM due WHERE id = due_id
       RETURNING ${COLUMNS}`,
      [limit, Math.min(leaseMs, LONGEST_LEASE_MS), receiver, LONGEST_LEASE_MS],
    );
    return rows.map(entryOf);
  }

  async delivered({ id, lease }: Leased): Promise<boolean> {
    const { rowCount } = await this.pool.query(
      `UPDATE outbox SET state = 'delivered', ended_at = now(), lease_until = NULL
       WHERE id = $1 AND leases = $2 AND state = 'waiting'`,
      [id, lease],
    );
    return rowCount === 1;
  }

  async failed({ id, lease }: Leased, { reason, againInMs }: Failure): Promise<boolean> {
    const { rowCount } = await this.pool.query(
      `UPDATE outbox
       SET state = CASE WHEN $4::float8 IS NULL THEN 'dead' ELSE 'waiting' END,
           ended_at = CASE WHEN $4::float8 IS NULL THEN now() END,
           due_at = coalesce(now() + $4::float8 * interval '1 millisecond', due_at), lease_until = NULL, last_fault = $3
       WHERE id = $1 AND leases = $2 AND state = 'waiting'`,
      [id, lease, storableText(reason.slice(0, MAX_FAULT)), againInMs],
    );
    return rowCount === 1;
  }

  async giveBack({ id, lease }: Leased): Promise<boolean> {
    const { rowCount } = await this.pool.query(
      `UPDATE outbox SET attempts = attempts - 1, lease_until = NULL WHERE id = $1 AND leases = $2 AND state = 'waiting'`,
      [id, lease],
    );
    return rowCount === 1;
  }

  async waitingOf(source: string, most: number): Promise<number> {
    const { rows } = await this.pool.query<{ waiting: bigint }>(
      `SELECT count(*) AS waiting
       FROM (SELECT FROM outbox WHERE state = 'waiting' AND source = $1 AND ready_at <= now() LIMIT $2) counted`,
      [source, most],
    );
    return Number(rows[0]?.waiting ?? 0n);
  }

  async list({ state, receiver, source, before, limit }: OutboxQuery): Promise<readonly OutboxEntry[]> {
    const { rows } = await this.pool.query<Row>(
      `SELECT ${COLUMNS} FROM outbox
       WHERE ($1::text IS NULL OR state = $1) AND ($2::text IS NULL OR receiver = $2)
         AND ($4::text IS NULL OR source = $4) AND ($5::bigint IS NULL OR sequence < $5)
       ORDER BY sequence DESC LIMIT $3`,
      [state, receiver, limit, source, before],
    );
    return rows.map(entryOf);
  }

  async find(id: string): Promise<OutboxEntry | undefined> {
    const { rows } = await this.pool.query<Row>(`SELECT ${COLUMNS} FROM outbox WHERE id = $1`, [id]);
    return rows[0] && entryOf(rows[0]);
  }

  async retry(which: Parameters<Outbox['retry']>[0], by?: string): Promise<number> {
    const [ids, receiver] =
      which === 'all-dead' ? [] : 'receiver' in which ? [undefined, which.receiver] : [which];
    const { rowCount } = await this.pool.query(
      `UPDATE outbox
       SET state = 'waiting', attempts = 0, due_at = now(), ready_at = now(), lease_until = NULL, ended_at = NULL, handled_by = $3
       WHERE state IN ('dead', 'discarded')
         AND CASE WHEN $1::uuid[] IS NULL THEN state = 'dead' AND ($2::text IS NULL OR receiver = $2) ELSE id = ANY($1) END`,
      [ids, receiver, by],
    );
    return rowCount ?? 0;
  }

  async discard(ids: readonly string[], by?: string): Promise<number> {
    const { rowCount } = await this.pool.query(
      `UPDATE outbox SET state = 'discarded', ended_at = now(), lease_until = NULL, handled_by = $2
       WHERE state IN ('waiting', 'dead') AND id = ANY($1)`,
      [ids, by],
    );
    return rowCount ?? 0;
  }

  figures(): Promise<OutboxFigures> {
    return readFigures(this.pool);
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
  lease: row.leases,
  handledBy: row.handled_by ?? undefined,
  sequence: row.sequence,
});
