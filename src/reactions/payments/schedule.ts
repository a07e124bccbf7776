import type pg from 'pg';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
/** After the order was placed: a provider is asked at first often, then ever less, also after the order is over. */
const POLLS_AFTER_MS: readonly number[] = [
  5 * SECOND,
  15 * SECOND,
  30 * SECOND,
  MINUTE,
  2 * MINUTE,
  5 * MINUTE,
  15 * MINUTE,
  30 * MINUTE,
  HOUR,
  3 * HOUR,
  6 * HOUR,
  12 * HOUR,
  24 * HOUR,
  72 * HOUR,
];
/** Somebody who says that they paid is believed so often. */
const ASKED_EVERY_MS = 3 * SECOND;

/** When a provider is asked next; undefined: not any more. Its end counts too, however late it is. */
export function nextPoll(
  { placedAt, expiresAt }: { readonly placedAt: Date; readonly expiresAt: Date },
  now: Date,
): Date | undefined {
  const times = [...POLLS_AFTER_MS.map((after) => placedAt.getTime() + after), expiresAt.getTime()];
  const later = times.filter((time) => time > now.getTime());
  return later.length === 0 ? undefined : new Date(Math.min(...later));
}

/** When providers are asked of which order. A work list, made anew from the orders where it was lost. */
export class PaymentSchedule {
  constructor(private readonly pool: Pick<pg.Pool, 'query'>) {}

  /** Those that it has already stay as they are. */
  async add(orders: readonly { readonly orderId: string; readonly nextAt: Date }[]): Promise<void> {
    await this.pool.query(
      `INSERT INTO payment_schedule (order_id, next_at) SELECT * FROM unnest($1::text[], $2::timestamptz[])
       ON CONFLICT DO NOTHING`,
      [orders.map(({ orderId }) => orderId), orders.map(({ nextAt }) => nextAt)],
    );
  }

  /** Takes those that are due; they are due again after the lease where nobody says more. */
  async due(now: Date, limit: number, leaseMs: number): Promise<readonly string[]> {
    const { rows } = await this.pool.query<{ order_id: string }>(
      `UPDATE payment_schedule SET next_at = $1::timestamptz + $3 * interval '1 millisecond'
       WHERE order_id IN (SELECT order_id FROM payment_schedule WHERE next_at <= $1 ORDER BY next_at LIMIT $2 FOR UPDATE SKIP LOCKED)
       RETURNING order_id`,
      [now, limit, leaseMs],
    );
    return rows.map(({ order_id }) => order_id);
  }

  /** @param nextAt undefined: never again */
  async next(orderId: string, nextAt: Date | undefined): Promise<void> {
    if (nextAt === undefined)
      await this.pool.query('DELETE FROM payment_schedule WHERE order_id = $1', [orderId]);
    else
      await this.pool.query('UPDATE payment_schedule SET next_at = $2 WHERE order_id = $1', [
        orderId,
        nextAt,
      ]);
  }

  /** Whether the provider may be asked now because somebody wants to know: once in some seconds, over all processes. */
  async mayAsk(orderId: string, now: Date): Promise<boolean> {
    const { rowCount } = await this.pool.query(
      `INSERT INTO payment_schedule AS s (order_id, next_at, asked_at) VALUES ($1, $2, $2)
       ON CONFLICT (order_id) DO UPDATE SET asked_at = $2
       WHERE s.asked_at IS NULL OR s.asked_at <= $2::timestamptz - $3 * interval '1 millisecond'`,
      [orderId, now, ASKED_EVERY_MS],
    );
    return rowCount === 1;
  }
}
