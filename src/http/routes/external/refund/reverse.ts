import { z } from 'zod';
import { type ReverseRefund, reversalReasons } from '../../../../commands/payment/commands.js';
import { reversalOf } from '../../../../domain/payment/refund.js';
import type { PaymentView } from '../../../../projections/payment/view.js';
import { accepted, endpoint, projected } from '../../../endpoint.js';
import { ledgerUnavailable } from '../../../failure.js';
import { nameText, paymentIdField } from '../../../fields.js';
import { exact, usd } from '../../../present.js';

export const reversalInput = {
  payment_id: paymentIdField,
  refund_id: nameText(1, 200).meta({ description: 'the refund, or the dispute that was booked as one' }),
  why: z.enum(reversalReasons).meta({
    description:
      '`dispute_won`: the bank gave it again; `refund_failed`: it did not arrive; `payment_arrived`: a payment that had failed came after all',
  }),
};

export const reversalData = z
  .object({
    payment_id: z.string(),
    refund_id: z.string(),
    amount_usd: z.number(),
    quota_restored: z.int(),
    current_quota: z.int().meta({ description: 'right after it, also when it is repeated' }),
    current_balance: z.number(),
  })
  .meta({ id: 'RefundReversal' });

export const reversalText = { zh: '退款已撤回', en: 'Refund reversed' };

export const reversalDescription =
  'Where money of a refund came again: a dispute that was won, a refund that did not arrive. Exactly what was taken is credited again, once; the same refund_id refunds nothing any more. Of an order its provider says so, and nobody else.';

export const reversalExample = {
  request: { refund_id: 'dp_1', why: 'dispute_won' },
  data: {
    ...{ payment_id: 'pi_3MtwBwLkdIwHu7ix28a3tqPa', refund_id: 'dp_1', amount_usd: 8.49 },
    ...{ quota_restored: 4245000, current_quota: 34245000, current_balance: 68.49 },
  },
};

export const reversalRefusals = ['payment_not_found', 'refund_not_found', 'refund_of_order'] as const;

/** @throws Failure where the tables have it not yet */
export function presentReversal({ paymentId, refundId }: ReverseRefund, payment: PaymentView | undefined) {
  const made = payment?.refunds.find((each) => each.refundId === reversalOf(refundId));
  if (!made) throw ledgerUnavailable();
  return {
    ...{ payment_id: paymentId, refund_id: refundId, amount_usd: exact(made.amountUsd.replace('-', '')) },
    ...{ quota_restored: -made.quota, current_quota: made.balanceAfter },
    current_balance: usd(made.balanceAfter),
  };
}

export const reversalEndpoint = endpoint({
  method: 'post',
  path: '/topup/refund/reverse',
  access: 'topups',
  operationId: 'reverseTopUpRefund',
  summary: 'Credit again what a refund took',
  description: reversalDescription,
  input: z.object(reversalInput),
  data: reversalData,
  messages: [reversalText],
  refusals: reversalRefusals,
  example: {
    request: { payment_id: reversalExample.data.payment_id, ...reversalExample.request },
    data: reversalExample.data,
  },
  handle: async ({ payment_id: paymentId, refund_id: refundId, why }, context) => {
    const command = { paymentId, refundId, why };
    const { position, replayed } = accepted(await context.commands.reverseRefund(command, context.meta));
    await projected(context, position);
    const data = presentReversal(command, await context.readModels.payment(paymentId));
    return { message: reversalText, data, replayed };
  },
});
