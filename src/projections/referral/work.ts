import { type Queryable, schemaOf } from '../runtime/projection.js';

const SCHEMA = schemaOf('referrals');
const [ORDERS, PAYMENTS, ACCOUNTS] = [
  `${schemaOf('orders')}.orders`,
  `${schemaOf('payments')}.payments`,
  `${schemaOf('accounts')}.accounts`,
];

/** A credited order of somebody who was invited, of which nobody has fixed yet what it brings. */
export interface UnearnedOrder {
  readonly orderId: string;
  readonly inviterId: string;
  readonly creditedAt: Date;
}

/** Of those that were credited since a time, the oldest first. */
export async function unearnedOrders(
  db: Queryable,
  since: Date,
  limit: number,
): Promise<readonly UnearnedOrder[]> {
  const { rows } = await db.query<UnearnedOrder>(
    `SELECT o.order_id AS "orderId", r.inviter_id AS "inviterId", o.credited_at AS "creditedAt"
     FROM ${SCHEMA}.referrals r JOIN ${ORDERS} o USING (account_id)
     JOIN ${PAYMENTS} p ON p.payment_id = o.order_id AND p.position > r.position
     WHERE o.credited_at > $1 AND NOT EXISTS (SELECT FROM ${SCHEMA}.referral_rewards w WHERE w.order_id = o.order_id)
     ORDER BY o.credited_at LIMIT $2`,
    [since, limit],
  );
  return rows;
}

/** What somebody has earned since a time. */
export async function earnedSince(db: Queryable, inviterId: string, since: Date): Promise<bigint> {
  const { rows } = await db.query<{ quota: bigint }>(
    `SELECT coalesce(sum(quota), 0)::bigint AS quota FROM ${SCHEMA}.referral_rewards WHERE inviter_id = $1 AND earned_at >= $2`,
    [inviterId, since],
  );
  return rows[0]?.quota ?? 0n;
}

/** Orders whose rewards became due since a time and were not given, of people who can be given something. @param but those that were looked at */
export async function dueRewards(
  db: Queryable,
  { since, now, but }: { readonly since: Date; readonly now: Date; readonly but: readonly string[] },
  limit: number,
): Promise<readonly string[]> {
  const { rows } = await db.query<{ order_id: string }>(
    `SELECT w.order_id FROM ${SCHEMA}.referral_rewards w JOIN ${ACCOUNTS} a ON a.account_id = w.inviter_id
     WHERE w.given = 0 AND w.quota > 0 AND w.due_at <= $1 AND w.due_at > $2 AND NOT a.erased AND NOT a.suspended
       AND w.order_id <> ALL ($3::text[])
     ORDER BY w.due_at LIMIT $4`,
    [now, since, but, limit],
  );
  return rows.map(({ order_id }) => order_id);
}
