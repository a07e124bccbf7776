import type pg from 'pg';
import type { JsonObject } from '../../eventstore/event-store.js';
import { withTransaction } from '../../postgres/pool.js';
import { jsonRows } from '../../projections/runtime/rows.js';
import { messageId, type Message } from '../outbox/message.js';
import type { Outbox } from '../outbox/outbox.js';

/** A state that somebody must be told of. */
export interface Alert {
  /** Names the state, not the moment: raised again under the same key it is the same alert. `ledger-stopped/ledger/812` */
  readonly key: string;
  readonly kind: string;
  readonly severity: 'warning' | 'critical';
  /** What it is and what to do, in a sentence each. */
  readonly summary: string;
  readonly details: JsonObject;
}

export interface OpenAlert {
  readonly key: string;
  readonly kind: string;
  readonly details: JsonObject;
  readonly raisedAt: Date;
}

/** Alerts follow from states rather than events: each is told of once when it begins and once when it ends, whoever sees it and how often. */
export class Alerts {
  constructor(
    private readonly pool: pg.Pool,
    private readonly outbox: Pick<Outbox, 'add'>,
    /** Who is told. */
    private readonly receivers: readonly string[],
    private readonly onMessages: () => void = () => undefined,
  ) {}

  /** Tells it, unless it has been told and is not over. Answers whether it was told. */
  async raise({ key, kind, severity, summary, details }: Alert): Promise<boolean> {
    const told = await withTransaction(this.pool, async (tx) => {
      const { rows } = await tx.query<{ occurrence: number }>(
        `INSERT INTO alerts (key, kind, details) VALUES ($1, $2, $3::jsonb -> 0)
         ON CONFLICT (key) DO UPDATE
         SET kind = excluded.kind, details = excluded.details, occurrence = alerts.occurrence + 1, raised_at = now(), resolved_at = NULL, resolved_by = NULL
         WHERE alerts.resolved_at IS NOT NULL
         RETURNING occurrence`,
        [key, kind, jsonRows([{ ...details, severity, summary }])],
      );
      const [row] = rows;
      if (!row) return false;
      const payload = { alert: key, kind, severity, summary, details };
      await this.outbox.add(tx, this.messages('alert-raised', key, row.occurrence, payload), {
        source: 'alerts',
      });
      return true;
    });
    if (told) this.onMessages();
    return told;
  }

  /** Tells that it is over, if it was told and is not over yet. Answers whether it was told. */
  async resolve(key: string): Promise<boolean> {
    const told = await withTransaction(this.pool, async (tx) => {
      const { rows } = await tx.query<{ occurrence: number; kind: string; details: JsonObject }>(
        `UPDATE alerts SET resolved_at = now() WHERE key = $1 AND resolved_at IS NULL RETURNING occurrence, kind, details`,
        [key],
      );
      const [row] = rows;
      if (!row) return false;
      const payload = { alert: key, kind: row.kind, severity: 'warning', details: row.details };
      await this.outbox.add(tx, this.messages('alert-resolved', key, row.occurrence, payload), {
        source: 'alerts',
      });
      return true;
    });
    if (told) this.onMessages();
    return told;
  }

  /** What is not over, the oldest first; of one kind where it is given. */
  async open(kind?: string): Promise<readonly OpenAlert[]> {
    const { rows } = await this.pool.query<{
      key: string;
      kind: string;
      details: JsonObject;
      raised_at: Date;
    }>(
      `SELECT key, kind, details, raised_at FROM alerts
       WHERE resolved_at IS NULL AND ($1::text IS NULL OR kind = $1) ORDER BY raised_at, key`,
      [kind],
    );
    return rows.map(({ raised_at: raisedAt, ...row }) => ({ ...row, raisedAt }));
  }

  private messages(kind: string, key: string, occurrence: number, payload: JsonObject): readonly Message[] {
    return this.receivers.map((receiver) => ({
      id: messageId('alert', key, String(occurrence), kind, receiver),
      receiver,
      kind,
      // Nobody hears of an end before the beginning.
      orderKey: key,
      payload,
    }));
  }
}

/** How many are not over. */
export async function countOpenAlerts(pool: Pick<pg.Pool, 'query'>): Promise<number> {
  const { rows } = await pool.query<{ open: bigint }>(
    'SELECT count(*) AS open FROM alerts WHERE resolved_at IS NULL',
  );
  return Number(rows[0]?.open ?? 0);
}
