import type { SentRefund } from '../../domain/refund/state.js';
import type { RefundStanding } from './commands.js';

export const standingOf = ({ terms, status }: SentRefund): RefundStanding => ({
  refundId: terms.refund_id,
  orderId: terms.order_id,
  accountId: terms.account_id,
  status,
  providerId: terms.provider_id,
  providerRevision: terms.provider_revision,
  providerPayment: terms.provider_payment,
  currency: terms.currency,
  amountMinor: terms.amount_minor,
});
