import { randomUUID } from 'node:crypto';
import type pg from 'pg';

/** A provider is asked three questions at most, of fifteen seconds each; whoever dies leaves the turn to the next one after this. */
const TURN = "interval '60 seconds'";

/** Whose turn it is may have changed meanwhile: whoever was held up for longer than it is asked before what cannot be taken back. */
export interface RefundTurn {
  /** It is still this one's, and for as long again from now on. */
  keep(): Promise<boolean>;
}

/** One at a time is at work on a refund, over all processes. */
export interface RefundTurns {
  /** Undefined where somebody else is at it. */
  alone<Result>(refundId: string, act: (turn: RefundTurn) => Promise<Result>): Promise<Result | undefined>;
}

/** By the clock of the database: those of the processes may be minutes apart. */
export class PostgresRefundTurns implements RefundTurns {
  constructor(private readonly pool: Pick<pg.Pool, 'query'>) {}

  async alone<Result>(
    refundId: string,
    act: (turn: RefundTurn) => Promise<Result>,
  ): Promise<Result | undefined> {
    const mine = [refundId, randomUUID()];
    const { rowCount } = await this.pool.query(
      `INSERT INTO payment_refund_turns AS t (refund_id, holder, until_at) VALUES ($1, $2, clock_timestamp() + ${TURN})
       ON CONFLICT (refund_id) DO UPDATE SET holder = $2, until_at = clock_timestamp() + ${TURN}
         WHERE t.until_at <= clock_timestamp()`,
      mine,
    );
    if (rowCount !== 1) return undefined;
    const keep = async () => {
      const kept = await this.pool.query(
        `UPDATE payment_refund_turns SET until_at = clock_timestamp() + ${TURN} WHERE refund_id = $1 AND holder = $2`,
        mine,
      );
      return kept.rowCount === 1;
    };
    try {
      return await act({ keep });
    } finally {
      await this.pool.query('DELETE FROM payment_refund_turns WHERE refund_id = $1 AND holder = $2', mine);
    }
  }
}
