import { z } from 'zod';
import { cashKinds } from '../../../domain/cash/events.js';
import { amount, currency, id, idOrNone, text, time } from '../tabular/cells.js';
import { type Layout, magnitudeOf, type ProviderRecord, usableIds } from './provider-record.js';

/** Any other provider's: `payment_id,amount,currency,time,type,refund_id`. */
export const generic = (timezone: string): Layout => ({
  title: 'generic table',
  columns: {
    payment_id: ['payment_id'],
    amount: ['amount'],
    currency: ['currency'],
    time: ['time'],
    type: ['type'],
    refund_id: ['refund_id'],
  },
  required: ['payment_id', 'amount', 'currency', 'time', 'type'],
  schema: z
    .object({
      payment_id: id,
      amount,
      currency,
      time: time(timezone),
      type: text.pipe(
        z.enum(['payment', 'refund', ...cashKinds], `is none of payment, refund, ${cashKinds.join(', ')}`),
      ),
      refund_id: idOrNone.optional(),
    })
    .transform((row): readonly ProviderRecord[] => [
      {
        kind: row.type,
        paymentIds: [row.payment_id],
        refundIds: row.type === 'refund' ? usableIds(row.refund_id) : [],
        amount: magnitudeOf(row.amount),
        currency: row.currency,
        at: row.time,
      },
    ]),
});
