import { z } from 'zod';
import { type AmountLimits, amountField, externalUserIdField, text } from '../../../fields.js';

export const paymentIdField = text(1, 200).meta({
  minLength: 1,
  maxLength: 200,
  description: "the payment provider's id; credits once, for ever",
  examples: ['pi_3MtwBwLkdIwHu7ix28a3tqPa'],
});

export const topupInput = (limits: AmountLimits) =>
  z.object({
    external_user_id: externalUserIdField,
    amount_usd: amountField(limits),
    payment_id: paymentIdField,
  });

export const topupData = z.object({
  amount_usd: z.number(),
  quota_added: z.int(),
  current_quota: z.int().meta({ description: 'right after this payment, also when it is repeated' }),
  current_balance: z.number().meta({ description: 'current_quota in dollars' }),
  payment_id: z.string(),
});
