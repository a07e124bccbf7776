import type { PaymentFilter, PaymentRow } from './view.js';
import { type Queryable, schemaOf } from '../runtime/projection.js';

/** What `SELECT_PAYMENTS` answers. */
export interface PaymentSqlRow {
  readonly position: bigint;
  readonly payment_id: string;
  readonly external_user_id: string;
  readonly amount_usd: string;
  readonly quota: bigint;
  readonly refunded: string;
  readonly note: string | null;
  readonly recorded_at: Date;
  readonly received_at: Date | null;
}

/** The sum of refunds is looked up for the rows that are answered alone. */
export const SELECT_PAYMENTS = `
    SELECT p.position, p.payment_id, a.external_user_id, p.amount_usd, p.quota, p.note, p.recorded_at, p.received_at,
           (SELECT coalesce(sum(r.amount_usd::numeric), 0)::text FROM ${schemaOf('payments')}.refunds r WHERE r.payment_id = p.payment_id) AS refunded
    FROM ${schemaOf('payments')}.payments p JOIN ${schemaOf('accounts')}.accounts a USING (account_id)`;

/** Payments in the order of the log, after the position `after`. */
export async function listPayments(
  db: Queryable,
  { externalUserId, paymentId }: PaymentFilter,
  { after, limit }: { readonly after: number; readonly limit: number },
): Promise<readonly PaymentRow[]> {
  const { rows } = await db.query<PaymentSqlRow>(
    `${SELECT_PAYMENTS}
     WHERE p.position > $1
       AND ($3::text IS NULL OR p.account_id =
            (SELECT account_id FROM ${schemaOf('accounts')}.accounts WHERE external_user_id = $3))
       AND ($4::text IS NULL OR p.payment_id = $4)
     ORDER BY p.position LIMIT $2`,
    [after, limit, externalUserId ?? null, paymentId ?? null],
  );
  return rows.map(paymentRowOf);
}

export const paymentRowOf = (row: PaymentSqlRow): PaymentRow => ({
  position: row.position,
  paymentId: row.payment_id,
  externalUserId: row.external_user_id,
  amountUsd: row.amount_usd,
  quota: row.quota,
  refundedUsd: row.refunded,
  note: row.note,
  creditedAt: row.recorded_at,
  receivedAt: row.received_at,
});
