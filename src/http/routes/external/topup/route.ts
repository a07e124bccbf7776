import { z } from 'zod';
import type { CreditPayment } from '../../../../commands/payment/commands.js';
import type { PaymentView } from '../../../../projections/payment/view.js';
import { accepted, endpoint, projected } from '../../../endpoint.js';
import { ledgerUnavailable } from '../../../failure.js';
import {
  type AmountLimits,
  amountField,
  externalUserIdField,
  paymentIdField,
  text,
} from '../../../fields.js';
import { exact, usd } from '../../../present.js';

const topupInput = (limits: AmountLimits) =>
  z.object({
    external_user_id: externalUserIdField,
    amount_usd: amountField(limits),
    payment_id: paymentIdField,
    note: text(0, 200)
      .meta({ description: 'shown in logs, statement and export; the note of the first request stands' })
      .optional(),
  });

const topupData = z
  .object({
    amount_usd: z.number(),
    quota_added: z.int(),
    current_quota: z.int().meta({ description: 'right after this payment, also when it is repeated' }),
    current_balance: z.number().meta({ description: 'current_quota in dollars' }),
    payment_id: z.string(),
  })
  .meta({ id: 'TopUp' });

type TopUp = z.output<ReturnType<typeof topupInput>>;
const commandOf = (input: TopUp): CreditPayment => ({
  externalUserId: input.external_user_id,
  amountUsd: input.amount_usd,
  paymentId: input.payment_id,
  note: input.note,
});

const topupText = { zh: '充值成功', en: 'Top-up successful' };

/** From the payment as recorded, so that every repetition of a top-up has the same answer. */
function presentTopup(payment: PaymentView) {
  return {
    amount_usd: exact(payment.amountUsd),
    quota_added: payment.quota,
    current_quota: payment.balanceAfter,
    current_balance: usd(payment.balanceAfter),
    payment_id: payment.paymentId,
  };
}

export const topupEndpoint = (limits: AmountLimits) =>
  endpoint({
    method: 'post',
    path: '/topup',
    access: 'topups',
    operationId: 'topUp',
    summary: 'Credit a payment, once',
    description:
      'A payment_id is credited exactly once. The same payment again gives the first answer with `Idempotency-Replayed: true`; the same payment_id with another user or amount is a conflict that names the field (`details.field`). Another note is no conflict: the first one stands.',
    input: topupInput(limits),
    exactNumbers: ['amount_usd'],
    data: topupData,
    messages: [topupText],
    refusals: ['account_not_found', 'payment_conflict', 'balance_ceiling', 'account_erased'],
    example: {
      request: {
        external_user_id: 'test_user_001',
        amount_usd: 68.49,
        payment_id: 'pi_3MtwBwLkdIwHu7ix28a3tqPa',
        note: 'order 4711',
      },
      data: {
        amount_usd: 68.49,
        quota_added: 34245000,
        current_quota: 34245000,
        current_balance: 68.49,
        payment_id: 'pi_3MtwBwLkdIwHu7ix28a3tqPa',
      },
    },
    handle: async (input, context) => {
      const result = accepted(await context.commands.creditPayment(commandOf(input), context.meta));
      await projected(context, result.position);
      const payment = await context.readModels.payment(input.payment_id);
      if (!payment) throw ledgerUnavailable();
      return { message: topupText, data: presentTopup(payment), replayed: result.replayed };
    },
  });
