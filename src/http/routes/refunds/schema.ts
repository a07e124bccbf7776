import { z } from 'zod';
import { amountText, minorOfText } from '../../../domain/money/currency.js';
import type { OrderView } from '../../../projections/order/view.js';
import type { RefundView } from '../../../projections/refund/query.js';
import { invalidRequest } from '../../failure.js';
import { seconds } from '../../present.js';
import { complaints } from '../../validation.js';
import { amountInput } from '../orders/options.js';
import { exampleOrder } from '../orders/schema.js';

export const refundData = z
  .object({
    refund_id: z.string(),
    order_id: z.string(),
    external_user_id: z.string(),
    provider_id: z.string(),
    status: z.enum(['requested', 'sent', 'succeeded', 'failed']).meta({
      description:
        '`requested`: the provider was not asked yet, or only an operator can send it; `sent`: what became of it is not known yet',
    }),
    amount: z.string().meta({ description: 'in units of the currency, with all its places' }),
    currency: z.string(),
    quota: z
      .int()
      .nullable()
      .meta({ description: 'what it takes from the account; null where it takes nothing' }),
    reason: z.string(),
    requested_by: z.string(),
    requested_at: z.int().meta({ description: 'unix seconds' }),
    sent_at: z.int().nullable(),
    ended_at: z.int().nullable(),
    provider_refund: z
      .string()
      .nullable()
      .meta({ description: 'what the provider calls it, or the reference of a transfer' }),
    failure: z.string().nullable().meta({ description: 'why it came to nothing: a code' }),
  })
  .meta({ id: 'OrderRefund' });

export const exampleRefund = {
  refund_id: 'RF01KB3XQ5T7VJ2M8N4P6R9S0TWY',
  order_id: exampleOrder.order_id,
  external_user_id: 'test_user_001',
  provider_id: 'stripe',
  status: 'succeeded' as const,
  amount: '150.00',
  currency: 'CNY',
  quota: 10563380,
  reason: 'asked for it',
  requested_by: 'operator:ann',
  requested_at: 1795219200,
  sent_at: 1795219200,
  ended_at: 1795219201,
  provider_refund: 're_3Test',
  failure: null,
};

export const presentRefund = (refund: RefundView) => ({
  refund_id: refund.refundId,
  order_id: refund.orderId,
  external_user_id: refund.externalUserId,
  provider_id: refund.providerId,
  status: refund.status,
  amount: amountText(refund.amountMinor, refund.currency),
  currency: refund.currency,
  quota: refund.quota,
  reason: refund.reason,
  requested_by: refund.requestedBy,
  requested_at: seconds(refund.requestedAt),
  sent_at: refund.sentAt && seconds(refund.sentAt),
  ended_at: refund.endedAt && seconds(refund.endedAt),
  provider_refund: refund.providerRefund,
  failure: refund.why,
});

/** What a refund of an order is asked for with. */
export const refundAmount = amountInput
  .optional()
  .meta({ description: 'all that is left where it is absent' });

/** In minor units of what was paid. Throws the 400 that names the field where it is none. */
export function refundMinor(amount: string | undefined, { currency }: OrderView): bigint | undefined {
  if (amount === undefined) return undefined;
  const minor = minorOfText(amount, currency);
  if (minor !== undefined && minor > 0n) return minor;
  throw invalidRequest([
    { field: 'amount', ...complaints.type('金额无效', 'is not an amount of the currency') },
  ]);
}

/** What may be refused of one that is asked for. */
export const refundRefusals = [
  'order_not_found',
  'payment_not_found',
  'amount_invalid',
  'refund_exceeds_payment',
  'idempotency_conflict',
] as const;
