import type { EventOf } from '../../domain/events/catalogue.js';
import { type Queryable, schemaOf } from '../../projections/runtime/projection.js';

/** What an auditor is told of a credit, wherever it is shown. */
export interface Credit {
  /** Exact decimal text. */
  readonly amount_usd: string;
  readonly quota: bigint;
  /** Who credited it. */
  readonly by: string;
  /** Where the payment came with one. */
  readonly note: string | undefined;
}

type CreditData = Omit<EventOf<'payment-credited'>['data'], 'payment_id' | 'account_id' | 'user_id'>;

export const creditOf = ({ amount_usd, quota, by, note }: CreditData): Credit => ({
  amount_usd,
  quota,
  by,
  note,
});

/** A credit with the payment it is of. */
export interface TopUp extends Credit {
  readonly payment_id: string;
  readonly recorded_at: string;
}

interface TopUpRow extends Omit<TopUp, 'by' | 'note' | 'recorded_at'> {
  readonly note: string | null;
  readonly credited_by: string;
  readonly recorded_at: Date;
}

/** More than these are counted and not listed. */
const MAX_LISTED = 1_000;

/** The top-ups of an account from an instant on and before another, oldest first; at most a thousand. */
export async function topUpsBetween(
  tx: Queryable,
  accountId: string,
  from: Date,
  until: Date,
): Promise<readonly TopUp[]> {
  const { rows } = await tx.query<TopUpRow>(
    `SELECT * FROM ${schemaOf('payments')}.payments
     WHERE account_id = $1 AND recorded_at >= $2 AND recorded_at < $3 ORDER BY position LIMIT $4`,
    [accountId, from, until, MAX_LISTED],
  );
  return rows.map((row) => ({
    payment_id: row.payment_id,
    recorded_at: row.recorded_at.toISOString(),
    ...creditOf({ ...row, by: row.credited_by, note: row.note ?? undefined }),
  }));
}
