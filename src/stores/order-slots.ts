import type pg from 'pg';
import type { OrderSlots } from '../commands/handling/ports.js';
import { withTransaction } from '../postgres/pool.js';

const HOUR_MS = 3_600_000;

/** Of an account's orders: open, and placed since; also those of `underWay` that no read model has yet. */
export type CountOrders = (
  db: Pick<pg.ClientBase, 'query'>,
  accountId: string,
  since: Date,
  underWay: readonly string[],
) => Promise<{ readonly open: number; readonly placed: number }>;

/**
 * Orders are counted under a lock of their account, and those that are on their way into the read models are named in a table: so that of
 * any number of requests at once no more come through than may. Whoever dies before the log has the order has used up one of an hour's.
 */
export function createOrderSlots(pool: pg.Pool, count: CountOrders): OrderSlots {
  return {
    take: ({ orderId, accountId, now, openMost, hourlyMost }) =>
      withTransaction(pool, async (client) => {
        await client.query(
          `SELECT pg_advisory_xact_lock(hashtext('counterfoil order slots'), hashtext($1))`,
          [accountId],
        );
        const since = new Date(now.getTime() - HOUR_MS);
        await client.query('DELETE FROM order_slots WHERE account_id = $1 AND taken_at <= $2', [
          accountId,
          since,
        ]);
        const { rows } = await client.query<{ order_id: string }>(
          'SELECT order_id FROM order_slots WHERE account_id = $1 AND order_id <> $2',
          [accountId, orderId],
        );
        const underWay = rows.map(({ order_id }) => order_id);
        const { open, placed } = await count(client, accountId, since, underWay);
        if (open >= openMost) return 'open-most';
        if (placed >= hourlyMost) return 'hourly-most';
        await client.query(
          'INSERT INTO order_slots (order_id, account_id, taken_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING',
          [orderId, accountId, now],
        );
        return 'taken';
      }),
  };
}
