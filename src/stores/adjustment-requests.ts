import type pg from 'pg';
import type { AdjustmentRequests } from '../commands/handling/ports.js';

export interface ListedRequest {
  readonly adjustmentId: string;
  readonly externalUserId: string;
  readonly requestedAt: Date;
}

/** Added before the log has the request and removed after it has the end, so that it may hold too many and never too few. */
export interface AdjustmentRequestStore extends AdjustmentRequests {
  /** The oldest first. */
  list(limit: number): Promise<readonly ListedRequest[]>;
}

export function createAdjustmentRequests(pool: Pick<pg.Pool, 'query'>): AdjustmentRequestStore {
  return {
    add: async ({ adjustmentId, externalUserId }) => {
      await pool.query(
        `INSERT INTO adjustment_requests (adjustment_id, external_user_id) VALUES ($1, $2)
         ON CONFLICT (adjustment_id) DO NOTHING`,
        [adjustmentId, externalUserId],
      );
    },
    remove: async (adjustmentId) => {
      await pool.query('DELETE FROM adjustment_requests WHERE adjustment_id = $1', [adjustmentId]);
    },
    list: async (limit) => {
      const { rows } = await pool.query<{
        adjustment_id: string;
        external_user_id: string;
        requested_at: Date;
      }>('SELECT * FROM adjustment_requests ORDER BY requested_at, adjustment_id LIMIT $1', [limit]);
      return rows.map((row) => ({
        adjustmentId: row.adjustment_id,
        externalUserId: row.external_user_id,
        requestedAt: row.requested_at,
      }));
    },
  };
}
