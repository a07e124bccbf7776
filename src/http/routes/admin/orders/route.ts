import { z } from 'zod';
import { minorOfText } from '../../../../domain/money/currency.js';
import type { OrderView } from '../../../../projections/order/view.js';
import type { AdminContext } from '../../../area-contexts.js';
import { cursorData, cursorInput, cursorPage } from '../../../cursor.js';
import { accepted, type BoundEndpoint, endpoint, projected } from '../../../endpoint.js';
import { invalidRequest } from '../../../failure.js';
import { externalUserIdField, nameText } from '../../../fields.js';
import { refused } from '../../../refusals.js';
import { complaints } from '../../../validation.js';
import { amountInput } from '../../orders/options.js';
import { stage } from '../../orders/schema.js';
import { flagEndpoints } from './flags.js';
import { orderRefundEndpoints } from './refunds.js';
import { providerEndpoints } from './providers.js';
import { adminOrder, exampleAdminOrder, presentAdminOrder, presentStep, timelineStep } from './schema.js';

const orderId = nameText(1, 200).meta({ description: '`order_id`' });

const list = endpoint({
  method: 'get',
  area: 'admin',
  path: '/orders',
  access: 'payments:read',
  operationId: 'adminListOrders',
  summary: 'List orders of everybody',
  description: 'The newest first.',
  input: z.object({
    external_user_id: externalUserIdField.optional(),
    stage: stage.optional(),
    provider_id: nameText(1, 64).optional(),
    id: nameText(1, 200)
      .meta({ description: 'an order, or what a provider calls its checkout or its payment' })
      .optional(),
    ...cursorInput,
  }),
  data: z.object({ orders: z.array(adminOrder), ...cursorData }),
  refusals: [],
  example: { data: { orders: [exampleAdminOrder], next_cursor: null, total: 1, total_capped: false } },
  handle: async (input, { orders }) => {
    const { external_user_id: externalUserId, provider_id: providerId, stage: reached, id } = input;
    const filter = { externalUserId, providerId, stage: reached, id };
    const { rows, page } = await cursorPage(
      input,
      ({ position }: OrderView) => position,
      (some) => orders.list(filter, some),
      (most) => orders.count(filter, most),
    );
    return { data: { orders: rows.map(presentAdminOrder), ...page } };
  },
});

const shown = z.object({ order: adminOrder, timeline: z.array(timelineStep) });
const exampleShown = {
  order: exampleAdminOrder,
  timeline: [
    {
      at: 1795219200,
      kind: 'event',
      what: 'order-placed',
      position: 4711,
      details: { pay_minor: '50000', currency: 'CNY', rate: '7.10' },
    },
  ],
};

async function shownOrder({ orders }: Pick<AdminContext, 'orders'>, id: string) {
  const [order, timeline] = await Promise.all([orders.find(id), orders.trace(id)]);
  if (!order) throw refused({ code: 'order_not_found' });
  return { order: presentAdminOrder(order), timeline: timeline.map(presentStep) };
}

const view = endpoint({
  method: 'get',
  area: 'admin',
  path: '/orders/{order_id}',
  access: 'payments:read',
  operationId: 'adminShowOrder',
  summary: 'Show an order and everything that happened to it',
  description: 'What its provider sent, what was seen, and the events of the order and of its payment.',
  input: z.object({ order_id: orderId }),
  data: shown,
  refusals: ['order_not_found'],
  example: { data: exampleShown },
  handle: async ({ order_id }, context) => ({ data: await shownOrder(context, order_id) }),
});

const recheck = endpoint({
  method: 'post',
  area: 'admin',
  path: '/orders/{order_id}/recheck',
  access: 'payments:write',
  operationId: 'adminRecheckOrder',
  summary: 'Ask the provider again, and credit what was paid',
  description: 'May be repeated at will: what was paid is credited once.',
  input: z.object({ order_id: orderId }),
  bodyOptional: true,
  data: shown.extend({ found: z.enum(['paid', 'pending', 'nothing', 'unknown']) }),
  refusals: ['order_not_found'],
  example: { data: { found: 'nothing', ...exampleShown } },
  handle: async ({ order_id }, context) => {
    const { value, position } = accepted(await context.orders.commands.recheck(order_id, context.meta));
    await projected(context, position);
    return { data: { found: value.found, ...(await shownOrder(context, order_id)) } };
  },
});

const record = endpoint({
  method: 'post',
  area: 'admin',
  path: '/orders/{order_id}/sightings',
  access: 'payments:write',
  freshProof: true,
  operationId: 'adminRecordSighting',
  summary: 'Record money that was seen on the account',
  description:
    'For transfers, and for what no provider tells. A reference counts once, for one order. Another amount or currency than the order’s is not credited and waits among the flags.',
  input: z.object({
    order_id: orderId,
    reference: z
      .string()
      .regex(/^[!-~]{1,100}$/)
      .meta({ description: 'of the bank, without spaces; no name of a person: it is kept for ever' }),
    currency: z.string().regex(/^[A-Z]{3}$/),
    amount: amountInput,
    paid_at: z.int().min(1).meta({ description: 'unix seconds' }),
    evidence_sha256: z
      .string()
      .regex(/^[0-9a-f]{64}$/)
      .meta({ description: 'of the statement or the receipt' })
      .optional(),
  }),
  exactNumbers: ['amount'],
  data: shown,
  refusals: ['order_not_found', 'order_payment_taken'],
  example: {
    request: { reference: '20261128-0042', currency: 'CNY', amount: '500', paid_at: 1795219260 },
    data: exampleShown,
  },
  handle: async (input, context) => {
    const amountMinor = minorOfText(input.amount, input.currency);
    if (amountMinor === undefined || amountMinor <= 0n)
      throw invalidRequest([
        { field: 'amount', ...complaints.type('金额无效', 'is not an amount of the currency') },
      ]);
    const { position, replayed } = accepted(
      await context.orders.commands.record(
        {
          orderId: input.order_id,
          reference: input.reference,
          currency: input.currency,
          amountMinor,
          at: new Date(input.paid_at * 1000),
          evidenceSha256: input.evidence_sha256,
        },
        context.meta,
      ),
    );
    await projected(context, position);
    return { data: await shownOrder(context, input.order_id), replayed };
  },
});

export const orderEndpoints: readonly BoundEndpoint[] = [
  list,
  view,
  recheck,
  record,
  ...flagEndpoints,
  ...orderRefundEndpoints,
  ...providerEndpoints,
];
