import { add, decimal, formatDecimal, negate, ZERO } from '../../../../domain/money/decimal.js';
import { refundOfReversal } from '../../../../domain/payment/refund.js';
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

/** What was taken, or came again: of a refund under the id that it was begun with. */
function stepOf({ refundId, amountUsd, quota }: PaymentView['refunds'][number]) {
  if (quota >= 0n) return { type: 'refunded', refund_id: refundId, amount_usd: exact(amountUsd) };
  const came = { type: 'refund_reversed', amount_usd: exact(formatDecimal(negate(decimal(amountUsd)))) };
  return { ...came, refund_id: refundOfReversal(refundId) ?? refundId };
}

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
    ...stepOf(refund),
    at: refund.at.toISOString(),
    quota: -refund.quota,
    current_quota: refund.balanceAfter,
    reason: refund.reason,
  }));
  return {
    ...presentPaymentRow({ ...payment, refundedUsd }),
    remaining_usd: exact(remaining),
    timeline: [...received, credited, ...refunds],
  };
}
