import { accepted, endpoint, projected } from '../../../endpoint.js';
import { ledgerUnavailable } from '../../../failure.js';
import type { AmountLimits } from '../../../fields.js';
import { presentRefund, refundText } from './present.js';
import { refundData, refundInput } from './schema.js';

export const refundEndpoint = (limits: AmountLimits) =>
  endpoint({
    method: 'post',
    path: '/topup/refund',
    access: 'topups',
    operationId: 'refundTopUp',
    summary: 'Give back (part of) a payment',
    description:
      'Without amount_usd the rest of the payment is refunded. The refunds of a payment never exceed it; a refund_id refunds once.',
    input: refundInput(limits),
    exactNumbers: ['amount_usd'],
    data: refundData,
    messages: [refundText],
    refusals: [
      'payment_not_found',
      'refund_conflict',
      'refund_over',
      'refund_exceeds_payment',
      'refund_exceeds_balance',
    ],
    example: {
      request: {
        payment_id: 'pi_3MtwBwLkdIwHu7ix28a3tqPa',
        refund_id: 're_1',
        amount_usd: 8.49,
        reason: 'goodwill',
      },
      data: {
        payment_id: 'pi_3MtwBwLkdIwHu7ix28a3tqPa',
        refund_id: 're_1',
        amount_usd: 8.49,
        quota_deducted: 4245000,
        remaining_usd: 60,
        current_quota: 30000000,
        current_balance: 60,
      },
    },
    handle: async (input, context) => {
      const { payment_id: paymentId, refund_id: refundId, amount_usd: amountUsd, reason = '' } = input;
      const { value, position, replayed } = accepted(
        await context.commands.refundPayment({ paymentId, refundId, amountUsd, reason }, context.meta),
      );
      await projected(context, position);
      const payment = await context.readModels.payment(paymentId);
      const refund = payment?.refunds.find((each) => each.refundId === refundId);
      if (!refund) throw ledgerUnavailable();
      return {
        message: refundText,
        data: presentRefund({ paymentId, remainingUsd: value.remainingUsd, ...refund }),
        replayed,
      };
    },
  });
