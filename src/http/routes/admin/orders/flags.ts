import { z } from 'zod';
import type { OrderFlagView } from '../../../../projections/order/flag-list.js';
import type { AdminContext } from '../../../area-contexts.js';
import { cursorData, cursorInput, cursorPage } from '../../../cursor.js';
import { accepted, type BoundEndpoint, endpoint, projected } from '../../../endpoint.js';
import { nameText } from '../../../fields.js';
import { refused } from '../../../refusals.js';
import { reason } from '../users/schema.js';
import { exampleFlag, orderFlag, presentFlag } from './schema.js';

const list = endpoint({
  method: 'get',
  area: 'admin',
  path: '/order-flags',
  access: 'payments:read',
  operationId: 'adminListOrderFlags',
  summary: 'List payments that fit no order',
  description:
    'Money that came with another amount, currency or merchant, a second time, for an order that there is not, or to an account that cannot be credited; and large money that one operator recorded: the newest first.',
  input: z.object({ state: z.enum(['open', 'settled']).optional(), ...cursorInput }),
  data: z.object({ flags: z.array(orderFlag), ...cursorData }),
  refusals: [],
  example: { data: { flags: [exampleFlag], next_cursor: null, total: 1, total_capped: false } },
  handle: async (input, { orders }) => {
    const filter = { state: input.state };
    const { rows, page } = await cursorPage(
      input,
      ({ position }: OrderFlagView) => position,
      (some) => orders.flags(filter, some),
      (most) => orders.countFlags(filter, most),
    );
    return { data: { flags: rows.map(presentFlag), ...page } };
  },
});

const settle = endpoint({
  method: 'post',
  area: 'admin',
  path: '/order-flags/{flag_id}/settle',
  access: 'payments:write',
  freshProof: true,
  operationId: 'adminSettleOrderFlag',
  summary: 'Decide about a payment that fits no order',
  description:
    '`credit` takes it for what the order asks, in proportion where it is another amount, and tries again what could not be credited; of a stray payment `order_id` names the order. `refund` and `write-off` record what was done with it elsewhere. It is decided once, and what an operator recorded above ADJUST_ALONE_USD is confirmed by another one.',
  input: z.object({
    flag_id: nameText(1, 64),
    decision: z.enum(['credit', 'refund', 'write-off']),
    order_id: nameText(1, 64).optional().meta({ description: 'of a stray payment that is credited' }),
    reason,
  }),
  data: orderFlag,
  refusals: [
    'order_flag_not_found',
    'order_flag_settled',
    'order_flag_uncreditable',
    'order_flag_own',
    'order_not_found',
    'order_payment_taken',
  ],
  example: {
    request: { decision: 'refund', reason: 'paid too little; sent back by bank' },
    data: {
      ...exampleFlag,
      settled: {
        decision: 'refund',
        by: 'operator:ann',
        reason: 'paid too little; sent back by bank',
        settled_at: 1795222800,
      },
    },
  },
  handle: async ({ flag_id: flagId, decision, order_id: named, reason: why }, context) => {
    const { orderId, kind } = await existing(context, flagId);
    const { commands } = context.orders;
    const { position, replayed } =
      kind === 'stray' || orderId === null
        ? accepted(
            await commands.settleStray({ flagId, decision, orderId: named, reason: why }, context.meta),
          )
        : accepted(await commands.settle({ orderId, flagId, decision, reason: why }, context.meta));
    await projected(context, position);
    return { data: presentFlag(await existing(context, flagId)), replayed };
  },
});

async function existing({ orders }: Pick<AdminContext, 'orders'>, flagId: string): Promise<OrderFlagView> {
  const [flag] = await orders.flags({ flagId }, { limit: 1 });
  if (!flag) throw refused({ code: 'order_flag_not_found' });
  return flag;
}

export const flagEndpoints: readonly BoundEndpoint[] = [list, settle];
