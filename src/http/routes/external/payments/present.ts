import { add, decimal, formatDecimal, negate, ZERO } from '../../../../domain/money/decimal.js';
import type { PaymentRow, PaymentView } from '../../../../projections/payment/view.js';
import { exact } from '../../../present.js';

export const presentPaymentRow = (row: Omit<PaymentRow, 'position'>) => ({
  payment_id: row.paymentId,
  external_user_id: row.externalUserId,
  amount_usd: exact(row.amountUsd),
  quota_added: row.quota,
  refunded_usd: exact(row.refundedUsd),
  note: row.note,
  credited_at: row.creditedAt.toISOString(),
  received_at: row.receivedAt?.toISOString() ?? null,
});

/** A payment with all that happened to it, from the log alone. */
export function presentPayment(payment: PaymentView) {
  const refunded = payment.refunds.reduce((sum, { amountUsd }) => add(sum, decimal(amountUsd)), ZERO);
  const refundedUsd = formatDecimal(refunded);
  const remaining = formatDecimal(add(decimal(payment.amountUsd), negate(refunded)));
  const received = payment.receivedAt ? [{ type: 'received', at: payment.receivedAt.toISOString() }] : [];
  const credited = {
    type: 'credited',
    at: payment.creditedAt.toISOString(),
    amount_usd: exact(payment.amountUsd),
    quota: payment.quota,
    current_quota: payment.balanceAfter,
  };
  const refunds = payment.refunds.map((refund) => ({
    type: 'refunded',
    at: refund.at.toISOString(),
    amount_usd: exact(refund.amountUsd),
    quota: -refund.quota,
    current_quota: refund.balanceAfter,
    refund_id: refund.refundId,
    reason: refund.reason,
  }));
  return {
    ...presentPaymentRow({ ...payment, refundedUsd }),
    remaining_usd: exact(remaining),
    timeline: [...received, credited, ...refunds],
  };
}
