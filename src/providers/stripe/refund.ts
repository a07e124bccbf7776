import { z } from 'zod';
import {
  ProviderUnavailable,
  type RefundedPayment,
  type RefundOutcome,
  type RefundProvider,
} from '../../reactions/payments/provider.js';
import { type StripeClient, StripeRefused } from './client.js';
import { hasFailed, refundSchema, stripeAmount, type StripeRefund } from './session.js';

/** So many refunds of one payment are looked through; ours are found by what we named them. */
const page = z.object({ data: z.array(refundSchema), has_more: z.boolean() });

/** A key that may not refund says nothing of the refund: with another one it may be there. */
const OF_KEYS = new Set([401, 403]);

/** Under the key `refund:<refund_id>`: one of order and amount would swallow the second of two equal parts. */
export const stripeRefunds = (client: StripeClient): RefundProvider => ({
  send: async ({ orderId }, { refundId, providerPayment, currency, amountMinor }) => {
    try {
      const made = await client.call(refundSchema, {
        path: '/v1/refunds',
        idempotencyKey: `refund:${refundId}`,
        form: {
          payment_intent: providerPayment,
          amount: stripeAmount(amountMinor, currency),
          'metadata[refund_id]': refundId,
          'metadata[order_id]': orderId,
        },
      });
      return outcomeOf(made);
    } catch (error) {
      if (!(error instanceof StripeRefused)) throw error;
      if (OF_KEYS.has(error.status)) throw new ProviderUnavailable(error.message);
      return { state: 'failed', why: error.code };
    }
  },
  query: async (_, refund) => {
    const found = await named(client, refund);
    return found ? outcomeOf(found) : 'none';
  },
});

async function named(
  client: StripeClient,
  { refundId, providerPayment }: RefundedPayment,
): Promise<StripeRefund | undefined> {
  const of = `/v1/refunds?payment_intent=${encodeURIComponent(providerPayment)}&limit=100`;
  try {
    for (let after = ''; ;) {
      const { data, has_more: hasMore } = await client.call(page, { path: `${of}${after}` });
      const found = data.find(({ metadata }) => metadata?.['refund_id'] === refundId);
      const last = data.at(-1);
      if (found || !hasMore || !last) return found;
      after = `&starting_after=${encodeURIComponent(last.id)}`;
    }
  } catch (error) {
    throw error instanceof StripeRefused ? new ProviderUnavailable(error.message) : error;
  }
}

function outcomeOf(refund: StripeRefund): RefundOutcome {
  const { id, status, failure_reason: why } = refund;
  if (status === 'succeeded') return { state: 'succeeded', providerRefund: id };
  return hasFailed(refund) ? { state: 'failed', why: why ?? status } : { state: 'pending' };
}
