import { accepted, endpoint, projected } from '../../../endpoint.js';
import { ledgerUnavailable } from '../../../failure.js';
import type { AmountLimits } from '../../../fields.js';
import { presentTopup, topupText } from './present.js';
import { topupData, topupInput } from './schema.js';

export const topupEndpoint = (limits: AmountLimits) =>
  endpoint({
    method: 'post',
    path: '/topup',
    access: 'topups',
    operationId: 'topUp',
    summary: 'Credit a payment, once',
    description:
      'A payment_id is credited exactly once. The same payment again gives the first answer with `Idempotency-Replayed: true`; the same payment_id with another user or amount is a conflict that names the field (`details.field`).',
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
      const result = accepted(
        await context.commands.creditPayment(
          {
            externalUserId: input.external_user_id,
            amountUsd: input.amount_usd,
            paymentId: input.payment_id,
          },
          context.meta,
        ),
      );
      await projected(context, result.position);
      const payment = await context.readModels.payment(input.payment_id);
      if (!payment) throw ledgerUnavailable();
      return { message: topupText, data: presentTopup(payment), replayed: result.replayed };
    },
  });
