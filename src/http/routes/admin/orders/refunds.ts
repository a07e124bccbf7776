import { z } from 'zod';
import type { RefundView } from '../../../../projections/refund/query.js';
import type { AdminContext } from '../../../area-contexts.js';
import { cursorData, cursorInput, cursorPage } from '../../../cursor.js';
import { accepted, type BoundEndpoint, endpoint, projected } from '../../../endpoint.js';
import { nameText } from '../../../fields.js';
import { refused } from '../../../refusals.js';
import {
  exampleRefund,
  presentRefund,
  refundAmount,
  refundData,
  refundMinor,
  refundRefusals,
} from '../../refunds/schema.js';
import { reason } from '../users/schema.js';

const refundId = nameText(1, 64).meta({ description: '`refund_id`' });

const list = endpoint({
  method: 'get',
  area: 'admin',
  path: '/refunds',
  access: 'payments:read',
  operationId: 'adminListRefunds',
  summary: 'List refunds at providers',
  description:
    'Money of orders that went back, or is to go back: the newest first. `open`: what became of it is not known.',
  input: z.object({
    order_id: nameText(1, 64).optional(),
    state: z.enum(['open', 'over']).optional(),
    ...cursorInput,
  }),
  data: z.object({ refunds: z.array(refundData), ...cursorData }),
  refusals: [],
  example: { data: { refunds: [exampleRefund], next_cursor: null, total: 1, total_capped: false } },
  handle: async (input, { refunds }) => {
    const filter = { orderId: input.order_id, state: input.state };
    const { rows, page } = await cursorPage(
      input,
      ({ position }: RefundView) => position,
      (some) => refunds.list(filter, some),
      (most) => refunds.count(filter, most),
    );
    return { data: { refunds: rows.map(presentRefund), ...page } };
  },
});

const request = endpoint({
  method: 'post',
  area: 'admin',
  path: '/orders/{order_id}/refunds',
  access: 'payments:write',
  freshProof: true,
  operationId: 'adminRefundOrder',
  summary: 'Send (part of) an order’s money back at its provider',
  description:
    'What it takes from the account is held and booked first; then the provider is asked, under the refund’s id, and gives back once. What the provider refuses is given to the account again: the refund has `failed`. Where the provider cannot be reached it is asked again by itself. With an `Idempotency-Key` a repetition answers the same refund.',
  input: z.object({ order_id: nameText(1, 64), amount: refundAmount, reason }),
  exactNumbers: ['amount'],
  data: refundData,
  refusals: refundRefusals,
  example: { request: { amount: '150', reason: 'asked for it' }, data: exampleRefund },
  handle: async ({ order_id: orderId, amount, reason: why }, context) => {
    const order = await context.orders.find(orderId);
    if (!order) throw refused({ code: 'order_not_found' });
    const asked = { orderId, amountMinor: refundMinor(amount, order), reason: why };
    const { value, position, replayed } = accepted(
      await context.refunds.commands.request(asked, context.meta),
    );
    await projected(context, position);
    return { data: await shown(context, value.refundId), replayed };
  },
});

const goOn = endpoint({
  method: 'post',
  area: 'admin',
  path: '/refunds/{refund_id}/recheck',
  access: 'payments:write',
  operationId: 'adminGoOnWithRefund',
  summary: 'Ask the provider what became of a refund',
  description:
    'May be repeated at will: the provider is asked to give back again only where it knows of no such refund.',
  input: z.object({ refund_id: refundId }),
  bodyOptional: true,
  data: refundData,
  refusals: ['refund_not_found'],
  example: { data: exampleRefund },
  handle: async ({ refund_id: id }, context) => {
    const { position } = accepted(await context.refunds.commands.goOn(id, context.meta));
    await projected(context, position);
    return { data: await shown(context, id) };
  },
});

const settle = endpoint({
  method: 'post',
  area: 'admin',
  path: '/refunds/{refund_id}/settle',
  access: 'payments:write',
  freshProof: true,
  operationId: 'adminSettleRefund',
  summary: 'Say what became of a refund that no provider can be asked about',
  description:
    'For transfers, and for providers that send nothing back by themselves. `sent`: the money went back; `not-sent`: it did not, and the account gets again what was taken. Where the provider knows of the refund, what the provider says counts; while it is being asked, nothing is decided.',
  input: z.object({
    refund_id: refundId,
    decision: z.enum(['sent', 'not-sent']),
    reference: z
      .string()
      .regex(/^[!-~]{1,100}$/)
      .optional()
      .meta({ description: 'of the bank, without spaces; no name of a person: it is kept for ever' }),
  }),
  data: refundData,
  refusals: ['refund_not_found', 'refund_over', 'refund_under_way'],
  example: {
    request: { decision: 'sent', reference: '20261130-0042' },
    data: { ...exampleRefund, provider_id: 'manual', provider_refund: '20261130-0042' },
  },
  handle: async ({ refund_id: id, decision, reference = null }, context) => {
    const { position, replayed } = accepted(
      await context.refunds.commands.settle({ refundId: id, decision, reference }, context.meta),
    );
    await projected(context, position);
    return { data: await shown(context, id), replayed };
  },
});

async function shown({ refunds }: Pick<AdminContext, 'refunds'>, id: string) {
  const refund = await refunds.find(id);
  if (!refund) throw refused({ code: 'refund_not_found' });
  return presentRefund(refund);
}

export const orderRefundEndpoints: readonly BoundEndpoint[] = [list, request, goOn, settle];
