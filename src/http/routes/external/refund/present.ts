import { exact, usd } from '../../../present.js';

export const refundText = { zh: '退款成功', en: 'Refund successful' };

export interface Refund {
  readonly paymentId: string;
  readonly refundId: string;
  readonly amountUsd: string;
  readonly remainingUsd: string;
  readonly quota: bigint;
  readonly balanceAfter: bigint;
}

export function presentRefund(refund: Refund) {
  return {
    payment_id: refund.paymentId,
    refund_id: refund.refundId,
    amount_usd: exact(refund.amountUsd),
    quota_deducted: refund.quota,
    remaining_usd: exact(refund.remainingUsd),
    current_quota: refund.balanceAfter,
    current_balance: usd(refund.balanceAfter),
  };
}
