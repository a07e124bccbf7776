import { z } from 'zod';
import { externalUserIdField, paymentIdField } from '../../../fields.js';
import { nextAfter, pageInput } from '../../admin/paging.js';

export const paymentInput = z.object({ payment_id: paymentIdField });

export const paymentsInput = z.object({
  external_user_id: externalUserIdField.optional(),
  payment_id: paymentIdField.optional(),
  ...pageInput,
});

const instant = z.iso.datetime({ offset: true });

const row = {
  payment_id: z.string(),
  external_user_id: z.string(),
  amount_usd: z.number(),
  quota_added: z.int(),
  refunded_usd: z.number().meta({ description: 'what was given back of it' }),
  note: z.string().nullable(),
  credited_at: instant,
  received_at: instant.nullable().meta({
    description:
      'when the service got the top-up, by its own clock, before any retry; null where it was credited before this was written down',
  }),
};

export const payment = z.object(row).meta({ id: 'Payment' });

export const paymentsData = z.object({
  payments: z.array(payment),
  next_after: nextAfter,
  last: z.int().meta({ description: '`after` for what is credited from now on' }),
});

const arrival = z.object({ type: z.literal('received'), at: instant }).meta({ id: 'PaymentArrival' });

const step = z.object({
  type: z.enum(['credited', 'refunded', 'refund_reversed']).meta({
    description: '`refund_reversed`: what a refund, or a dispute, took came again',
  }),
  at: instant,
  amount_usd: z.number(),
  quota: z.int().meta({ description: 'negative for a refund' }),
  current_quota: z.int().meta({ description: 'of the user, right after it' }),
  refund_id: z.string().optional(),
  reason: z.string().optional(),
});

export const paymentData = z
  .object({
    ...row,
    remaining_usd: z.number().meta({ description: 'what can still be refunded' }),
    timeline: z.array(z.union([arrival, step.meta({ id: 'PaymentStep' })])),
  })
  .meta({ id: 'PaymentHistory' });
