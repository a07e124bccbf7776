import { type Queryable, schemaOf } from '../runtime/projection.js';

const ORDERS = `${schemaOf('orders')}.orders`;
const FLAGS = `${schemaOf('orders')}.order_flags`;

/** Somebody has to look at it before it is credited. */
const WAITS_FOR_SOMEBODY = `EXISTS (SELECT FROM ${FLAGS} f
  WHERE f.order_id = o.order_id AND f.kind = 'uncreditable' AND f.decision IS DISTINCT FROM 'credit')`;

/** Orders whose money was seen before, and which are not credited. */
export async function uncreditedOrders(
  db: Queryable,
  before: Date,
  limit: number,
): Promise<readonly string[]> {
  const { rows } = await db.query<{ order_id: string }>(
    `SELECT order_id FROM ${ORDERS} o
     WHERE seen_at IS NOT NULL AND credited_at IS NULL AND seen_at < $1 AND NOT ${WAITS_FOR_SOMEBODY}
     ORDER BY seen_at LIMIT $2`,
    [before, limit],
  );
  return rows.map(({ order_id }) => order_id);
}

/** Orders that were credited before and whose bonus nobody has given yet. */
export async function bonusesLeft(db: Queryable, before: Date, limit: number): Promise<readonly string[]> {
  const { rows } = await db.query<{ order_id: string }>(
    `SELECT order_id FROM ${ORDERS} o
     WHERE bonus_quota > 0 AND credited_at < $1 AND credited_at > $1 - interval '30 days' AND NOT EXISTS
       (SELECT FROM ${schemaOf('grants')}.grants g WHERE g.source = 'order:' || o.order_id)
     ORDER BY credited_at LIMIT $2`,
    [before, limit],
  );
  return rows.map(({ order_id }) => order_id);
}

/** Money that was seen and is not credited, and about which nobody has to decide. */
export async function countUncredited(db: Queryable): Promise<number> {
  const { rows } = await db.query<{ orders: bigint }>(
    `SELECT count(*) AS orders FROM ${ORDERS} o WHERE seen_at IS NOT NULL AND credited_at IS NULL AND NOT ${WAITS_FOR_SOMEBODY}`,
  );
  return Number(rows[0]?.orders ?? 0);
}

/** Disputes about payments of the account that an order is of, which are not decided. */
export async function countOpenDisputes(db: Queryable, orderId: string): Promise<number> {
  const { rows } = await db.query<{ open: bigint }>(
    `SELECT coalesce(sum(disputes_open), 0)::bigint AS open FROM ${ORDERS}
     WHERE account_id = (SELECT account_id FROM ${ORDERS} WHERE order_id = $1)`,
    [orderId],
  );
  return Number(rows[0]?.open ?? 0);
}

export async function countOpenFlags(db: Queryable): Promise<number> {
  const { rows } = await db.query<{ flags: bigint }>(
    `SELECT count(*) AS flags FROM ${FLAGS} WHERE decision IS NULL`,
  );
  return Number(rows[0]?.flags ?? 0);
}

export interface UnfinishedOrder {
  readonly orderId: string;
  readonly placedAt: Date;
  readonly expiresAt: Date;
}

/** Orders without a credit that were placed since, and older ones that are open. */
export async function unfinishedOrders(db: Queryable, since: Date): Promise<readonly UnfinishedOrder[]> {
  const { rows } = await db.query<{ order_id: string; placed_at: Date; expires_at: Date }>(
    `SELECT order_id, placed_at, expires_at FROM ${ORDERS}
     WHERE credited_at IS NULL AND (placed_at > $1 OR status IN ('placed', 'opened'))
     ORDER BY placed_at LIMIT 10000`,
    [since],
  );
  return rows.map((row) => ({ orderId: row.order_id, placedAt: row.placed_at, expiresAt: row.expires_at }));
}
