import type { PaymentView } from './view.js';
import { prepared } from '../../postgres/prepared.js';
import { type Queryable, schemaOf } from '../runtime/projection.js';

interface Row {
  readonly refund_id: string | null;
  readonly external_user_id: string;
  readonly amount_usd: string;
  readonly quota: bigint;
  readonly balance_after: bigint;
  readonly recorded_at: Date;
  /** Of the credit. */
  readonly received_at: Date | null;
  /** Of the credit. */
  readonly note: string | null;
  /** Of a refund. */
  readonly reason: string | null;
}

const MOVEMENTS = `
  WITH movements AS (
     SELECT NULL AS refund_id, p.account_id, p.amount_usd, p.quota, p.position, p.recorded_at, p.received_at, p.note, NULL AS reason
     FROM ${schemaOf('payments')}.payments p WHERE p.payment_id = $1
     UNION ALL
     SELECT r.refund_id, p.account_id, r.amount_usd, r.quota, r.position, r.recorded_at, NULL, NULL, r.reason
     FROM ${schemaOf('payments')}.refunds r JOIN ${schemaOf('payments')}.payments p USING (payment_id) WHERE r.payment_id = $1)
   SELECT m.refund_id, a.external_user_id, m.amount_usd, m.quota, m.recorded_at, m.received_at, m.note, m.reason, b.balance_after
   FROM movements m
   JOIN ${schemaOf('accounts')}.accounts a USING (account_id)
   JOIN ${schemaOf('balance')}.balances_after b ON b.position = m.position
   ORDER BY m.position`;

/** The credit first, then its refunds in log order; one snapshot. */
export async function findPayment(db: Queryable, paymentId: string): Promise<PaymentView | undefined> {
  const { rows } = await db.query<Row>(prepared(MOVEMENTS, [paymentId]));
  const [credit, ...refunds] = rows;
  if (!credit) return undefined;
  return {
    paymentId,
    externalUserId: credit.external_user_id,
    amountUsd: credit.amount_usd,
    quota: credit.quota,
    balanceAfter: credit.balance_after,
    note: credit.note,
    creditedAt: credit.recorded_at,
    receivedAt: credit.received_at,
    refunds: refunds.map((refund) => ({
      refundId: refund.refund_id ?? '',
      amountUsd: refund.amount_usd,
      quota: refund.quota,
      balanceAfter: refund.balance_after,
      reason: refund.reason ?? '',
      at: refund.recorded_at,
    })),
  };
}
