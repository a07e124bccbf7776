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
    'Money that came with another amount, currency or merchant, a second time, or to an account that cannot be credited: the newest first.',
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
  operationId: 'adminSettleOrderFlag',
  summary: 'Decide about a payment that fits no order',
  description:
    '`credit` takes it for what the order asks, in proportion where it is another amount, and tries again what could not be credited; `refund` and `write-off` record what was done with it elsewhere. It is decided once.',
  input: z.object({
    flag_id: nameText(1, 64),
    decision: z.enum(['credit', 'refund', 'write-off']),
    reason,
  }),
  data: orderFlag,
  refusals: ['order_flag_not_found', 'order_flag_settled', 'order_flag_uncreditable'],
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
  handle: async ({ flag_id: flagId, decision, reason: why }, context) => {
    const { orderId } = await existing(context, flagId);
    const { position, replayed } = accepted(
      await context.orders.commands.settle({ orderId, flagId, decision, reason: why }, context.meta),
    );
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
