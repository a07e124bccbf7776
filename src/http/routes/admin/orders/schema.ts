import { z } from 'zod';
import { amountText } from '../../../../domain/money/currency.js';
import type { OrderFlagView } from '../../../../projections/order/flag-list.js';
import type { OrderView } from '../../../../projections/order/view.js';
import type { TraceStep } from '../../../../reactions/payments/trace.js';
import { seconds } from '../../../present.js';
import { exampleOrder, flagKind, orderData, presentOrder } from '../../orders/schema.js';

export const adminOrder = orderData
  .extend({
    external_user_id: z.string(),
    placed_by: z.string(),
    checkout_ref: z.string().nullable(),
    provider_payment: z.string().nullable(),
    seen_by: z.string().nullable().meta({ description: 'how the payment was seen first' }),
  })
  .meta({ id: 'OrderForOperators' });

export const exampleAdminOrder = {
  ...exampleOrder,
  external_user_id: 'test_user_001',
  placed_by: 'service-key:1',
  checkout_ref: 'test_CF01KB3XQ5T7VJ2M8N4P6R9S0TWY',
  provider_payment: null,
  seen_by: null,
};

export const presentAdminOrder = (order: OrderView) => ({
  ...presentOrder(order),
  external_user_id: order.externalUserId,
  placed_by: order.placedBy,
  checkout_ref: order.checkout?.ref ?? null,
  provider_payment: order.paid?.providerPayment ?? null,
  seen_by: order.paid?.seenBy ?? null,
});

export const timelineStep = z
  .object({
    at: z.int().meta({ description: 'unix seconds' }),
    kind: z.enum(['notification', 'event']),
    what: z.string().meta({ description: 'the verdict on a notification, or the name of an event' }),
    position: z.int().nullable(),
    details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
  })
  .meta({ id: 'OrderTimelineStep' });

export const presentStep = ({ at, position, ...step }: TraceStep) => ({ at: seconds(at), position, ...step });

export const orderFlag = z
  .object({
    flag_id: z.string(),
    order_id: z
      .string()
      .nullable()
      .meta({ description: 'of a stray payment: what its provider says that it is for' }),
    external_user_id: z.string().nullable(),
    provider_id: z.string().nullable().meta({ description: 'of a stray payment' }),
    kind: z.enum([...flagKind.options, 'stray']).meta({
      description:
        '`stray`: it is for no order that there is; `unconfirmed`: a second operator must confirm it',
    }),
    provider_payment: z.string(),
    amount: z.string(),
    currency: z.string(),
    merchant: z.string(),
    paid_at: z.int(),
    seen_by: z.string(),
    refusal: z.string().nullable().meta({ description: 'why it could not be credited: a code' }),
    raised_at: z.int(),
    settled: z
      .object({
        decision: z.enum(['credit', 'refund', 'write-off']),
        by: z.string(),
        reason: z.string(),
        settled_at: z.int(),
      })
      .nullable()
      .meta({ description: 'null while nobody has decided' }),
  })
  .meta({ id: 'OrderFlag' });

export const exampleFlag = {
  flag_id: '44444444-4444-5444-8444-444444444444',
  order_id: exampleOrder.order_id,
  external_user_id: 'test_user_001',
  provider_id: null,
  kind: 'amount' as const,
  provider_payment: 'test_1f0c',
  amount: '400.00',
  currency: 'CNY',
  merchant: 'test',
  paid_at: 1795219260,
  seen_by: 'notification',
  refusal: null,
  raised_at: 1795219261,
  settled: null,
};

export const presentFlag = (flag: OrderFlagView) => ({
  flag_id: flag.flagId,
  order_id: flag.orderId,
  external_user_id: flag.externalUserId,
  provider_id: flag.providerId,
  kind: flag.kind,
  provider_payment: flag.providerPayment,
  amount: amountText(flag.amountMinor, flag.currency),
  currency: flag.currency,
  merchant: flag.merchant,
  paid_at: seconds(flag.paidAt),
  seen_by: flag.seenBy,
  refusal: flag.refusal,
  raised_at: seconds(flag.raisedAt),
  settled: flag.settled
    ? {
        decision: flag.settled.decision,
        by: flag.settled.by,
        reason: flag.settled.reason,
        settled_at: seconds(flag.settled.at),
      }
    : null,
});
