import type { PaymentView } from '../../../../projections/read-models.js';
import { exact, usd } from '../../../present.js';

export const topupText = { zh: '充值成功', en: 'Top-up successful' };

/** From the payment as recorded, so that every repetition of a top-up has the same answer. */
export function presentTopup(payment: PaymentView) {
  return {
    amount_usd: exact(payment.amountUsd),
    quota_added: payment.quota,
    current_quota: payment.balanceAfter,
    current_balance: usd(payment.balanceAfter),
    payment_id: payment.paymentId,
  };
}
