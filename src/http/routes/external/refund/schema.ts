import { z } from 'zod';
import { type AmountLimits, amountField, paymentIdField, nameText, text } from '../../../fields.js';

export const refundInput = (limits: AmountLimits) =>
  z.object({
    payment_id: paymentIdField,
    refund_id: nameText(1, 200).meta({ minLength: 1, maxLength: 200, description: 'refunds once, for ever' }),
    amount_usd: amountField({ ...limits, minUsd: '0.000001' }).optional(),
    reason: text(0, 500).optional(),
  });

export const refundData = z
  .object({
    payment_id: z.string(),
    refund_id: z.string(),
    amount_usd: z.number(),
    quota_deducted: z.int(),
    remaining_usd: z.number().meta({ description: 'what can still be refunded of the payment' }),
    current_quota: z.int(),
    current_balance: z.number(),
  })
  .meta({ id: 'Refund' });
