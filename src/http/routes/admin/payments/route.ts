import { z } from 'zod';
import type { PaymentRow } from '../../../../projections/payment/view.js';
import type { TraceStep } from '../../../../reactions/payments/trace.js';
import { cursorData, cursorInput, cursorPage } from '../../../cursor.js';
import { accepted, type BoundEndpoint, endpoint, projected } from '../../../endpoint.js';
import { ledgerUnavailable } from '../../../failure.js';
import {
  type AmountLimits,
  amountField,
  externalUserIdField,
  nameText,
  paymentIdField,
} from '../../../fields.js';
import { refused } from '../../../refusals.js';
import { presentPayment, presentPaymentRow } from '../../external/payments/present.js';
import { payment, paymentData, paymentInput } from '../../external/payments/schema.js';
import { presentRefund, refundText } from '../../external/refund/present.js';
import {
  presentReversal,
  reversalData,
  reversalDescription,
  reversalExample,
  reversalInput,
  reversalRefusals,
  reversalText,
} from '../../external/refund/reverse.js';
import { refundData } from '../../external/refund/schema.js';
import { reason } from '../users/schema.js';

const row = {
  payment_id: 'pi_3MtwBwLkdIwHu7ix28a3tqPa',
  external_user_id: 'test_user_001',
  amount_usd: 68.49,
  quota_added: 34245000,
  refunded_usd: 0,
  note: null,
  credited_at: '2026-01-30T15:30:25.000Z',
  received_at: '2026-01-30T15:30:24.982Z',
};

const list = endpoint({
  method: 'get',
  area: 'admin',
  path: '/payments',
  access: 'payments:read',
  operationId: 'adminListPayments',
  summary: 'List payments of everybody',
  description: 'The newest first, each with what was given back of it.',
  input: z.object({
    external_user_id: externalUserIdField.optional(),
    payment_id: paymentIdField.optional(),
    ...cursorInput,
  }),
  data: z.object({ payments: z.array(payment), ...cursorData }),
  refusals: [],
  example: { data: { payments: [row], next_cursor: null, total: 1, total_capped: false } },
  handle: async (input, { admin }) => {
    const filter = { externalUserId: input.external_user_id, paymentId: input.payment_id };
    const { rows, page } = await cursorPage(
      input,
      ({ position }: PaymentRow) => position,
      (some) => admin.reads.newestPayments(filter, some),
      (most) => admin.reads.countPayments(filter, most),
    );
    return { data: { payments: rows.map(presentPaymentRow), ...page } };
  },
});

const view = endpoint({
  method: 'get',
  area: 'admin',
  path: '/payments/{payment_id}',
  access: 'payments:read',
  operationId: 'adminShowPayment',
  summary: 'Show a payment and what became of it',
  description: 'Received, credited, refunded, each with the balance right after it.',
  input: paymentInput,
  data: paymentData.extend({
    order_id: z
      .string()
      .nullable()
      .meta({ description: 'the order that it is for; null: a front end told of it' }),
    seen: z
      .int()
      .nullable()
      .meta({ description: 'how often its provider told of it; null where there is no order' }),
  }),
  refusals: ['payment_not_found'],
  example: {
    data: {
      ...row,
      order_id: null,
      seen: null,
      remaining_usd: 68.49,
      timeline: [
        { type: 'received', at: row.received_at },
        {
          type: 'credited',
          at: row.credited_at,
          amount_usd: 68.49,
          quota: 34245000,
          current_quota: 34245000,
        },
      ],
    },
  },
  handle: async ({ payment_id }, { readModels, orders }) => {
    const [found, order] = await Promise.all([readModels.payment(payment_id), orders.find(payment_id)]);
    if (!found) throw refused({ code: 'payment_not_found' });
    const data = { ...presentPayment(found), order_id: order?.orderId ?? null };
    return { data: { ...data, seen: order ? timesTold(await orders.trace(order.orderId)) : null } };
  },
});

const timesTold = (steps: readonly TraceStep[]): number =>
  steps.reduce((times, { details }) => times + Number(details.times ?? 0), 0);

const refund = (limits: AmountLimits) =>
  endpoint({
    method: 'post',
    area: 'admin',
    path: '/payments/{payment_id}/refund',
    access: 'payments:write',
    freshProof: true,
    operationId: 'adminRefundPayment',
    summary: 'Give back (part of) a payment',
    description:
      'Without `amount_usd` what is left of it. The quota is held while it is taken back, so that no call spends it meanwhile; a `refund_id` refunds once.',
    input: z.object({
      payment_id: paymentIdField,
      refund_id: nameText(1, 200).meta({ description: 'refunds once, for ever' }),
      amount_usd: amountField({ ...limits, minUsd: '0.000001' }).optional(),
      reason,
    }),
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
      request: { refund_id: 're_1', amount_usd: 8.49, reason: 'goodwill' },
      data: {
        payment_id: row.payment_id,
        refund_id: 're_1',
        amount_usd: 8.49,
        quota_deducted: 4245000,
        remaining_usd: 60,
        current_quota: 30000000,
        current_balance: 60,
      },
    },
    handle: async (input, context) => {
      const { payment_id: paymentId, refund_id: refundId, amount_usd: amountUsd } = input;
      const command = { paymentId, refundId, amountUsd, reason: input.reason };
      const { value, position, replayed } = accepted(
        await context.commands.refundPayment(command, context.meta),
      );
      await projected(context, position);
      const found = await context.readModels.payment(paymentId);
      const made = found?.refunds.find((each) => each.refundId === refundId);
      if (!made) throw ledgerUnavailable();
      const data = presentRefund({ paymentId, remainingUsd: value.remainingUsd, ...made });
      return { message: refundText, data, replayed };
    },
  });

const reverse = endpoint({
  method: 'post',
  area: 'admin',
  path: '/payments/{payment_id}/refund/reverse',
  access: 'payments:write',
  freshProof: true,
  operationId: 'adminReversePaymentRefund',
  summary: 'Credit again what a refund took',
  description: reversalDescription,
  input: z.object(reversalInput),
  data: reversalData,
  messages: [reversalText],
  refusals: reversalRefusals,
  example: reversalExample,
  handle: async ({ payment_id: paymentId, refund_id: refundId, why }, context) => {
    const command = { paymentId, refundId, why };
    const { position, replayed } = accepted(await context.commands.reverseRefund(command, context.meta));
    await projected(context, position);
    const data = presentReversal(command, await context.readModels.payment(paymentId));
    return { message: reversalText, data, replayed };
  },
});

export const adminPaymentEndpoints = (limits: AmountLimits): readonly BoundEndpoint[] => [
  list,
  view,
  refund(limits),
  reverse,
];
