import { z } from 'zod';
import type { ExternalContext } from '../../../area-contexts.js';
import { accepted, type BoundEndpoint, endpoint, existingAccount, projected } from '../../../endpoint.js';
import { externalUserIdField, nameText, text } from '../../../fields.js';
import { refused } from '../../../refusals.js';
import {
  exampleRefund,
  presentRefund,
  refundAmount,
  refundData,
  refundMinor,
  refundRefusals,
} from '../../refunds/schema.js';

const MOST = 100;
const ofOrder = { external_user_id: externalUserIdField, id: nameText(1, 64) };
const path = '/{external_user_id}/orders/{id}/refunds';

const list = endpoint({
  method: 'get',
  path,
  access: 'read',
  operationId: 'listUserOrderRefunds',
  summary: 'List refunds of an order at its provider',
  description: 'The newest first.',
  input: z.object(ofOrder),
  data: z.object({ refunds: z.array(refundData) }),
  refusals: ['account_not_found', 'order_not_found'],
  example: { data: { refunds: [exampleRefund] } },
  handle: async (input, context) => {
    const { orderId } = await ownOrder(input, context);
    const refunds = await context.refunds.list({ orderId }, { limit: MOST });
    return { data: { refunds: refunds.map(presentRefund) } };
  },
});

const request = endpoint({
  method: 'post',
  path,
  access: 'topups',
  operationId: 'refundUserOrder',
  summary: 'Send (part of) an order’s money back at its provider',
  description:
    'What it takes from the account is held and booked first; then the provider is asked, and gives back once. `requested` and `sent` are gone on with by themselves; ask for the list. With an `Idempotency-Key` a repetition answers the same refund.',
  input: z.object({ ...ofOrder, amount: refundAmount, reason: text(0, 500).optional() }),
  exactNumbers: ['amount'],
  data: refundData,
  refusals: ['account_not_found', ...refundRefusals],
  example: { request: { amount: '150', reason: 'asked for it' }, data: exampleRefund },
  handle: async (input, context) => {
    const order = await ownOrder(input, context);
    const { orderId } = order;
    const asked = { orderId, amountMinor: refundMinor(input.amount, order), reason: input.reason ?? '' };
    const { value, position, replayed } = accepted(
      await context.refunds.commands.request(asked, context.meta),
    );
    await projected(context, position);
    const refund = await context.refunds.find(value.refundId);
    if (!refund) throw refused({ code: 'refund_not_found' });
    return { data: presentRefund(refund), replayed };
  },
});

/** Of the account that is named, and of no other one. */
async function ownOrder(
  { external_user_id: externalUserId, id }: { external_user_id: string; id: string },
  context: ExternalContext,
) {
  const account = await existingAccount(context, externalUserId);
  const order = await context.ordersOf(account).find(id);
  if (!order) throw refused({ code: 'order_not_found' });
  return order;
}

export const userOrderRefundEndpoints: readonly BoundEndpoint[] = [list, request];
