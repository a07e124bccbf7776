import type pg from 'pg';

/** A provider is asked three questions at most, of fifteen seconds each; whoever dies leaves the turn to the next one after this. */
const TURN_MS = 60_000;

/** One at a time is at work on a refund, over all processes. */
export interface RefundTurns {
  /** Undefined where somebody else is at it. */
  alone<Result>(refundId: string, act: () => Promise<Result>): Promise<Result | undefined>;
}

export class PostgresRefundTurns implements RefundTurns {
  constructor(
    private readonly pool: Pick<pg.Pool, 'query'>,
    private readonly now: () => Date,
  ) {}

  async alone<Result>(refundId: string, act: () => Promise<Result>): Promise<Result | undefined> {
    const until = new Date(this.now().getTime() + TURN_MS);
    const { rowCount } = await this.pool.query(
      `INSERT INTO payment_refund_turns AS t (refund_id, until_at) VALUES ($1, $2)
       ON CONFLICT (refund_id) DO UPDATE SET until_at = $2 WHERE t.until_at <= $3`,
      [refundId, until, this.now()],
    );
    if (rowCount !== 1) return undefined;
    try {
      return await act();
    } finally {
      await this.pool.query('DELETE FROM payment_refund_turns WHERE refund_id = $1 AND until_at = $2', [
        refundId,
        until,
      ]);
    }
  }
}
