import { z } from 'zod';
import { type AmountLimits, amountField, newRefundIdField, paymentIdField, text } from '../../../fields.js';

export const refundInput = (limits: AmountLimits) =>
  z.object({
    payment_id: paymentIdField,
    refund_id: newRefundIdField,
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
