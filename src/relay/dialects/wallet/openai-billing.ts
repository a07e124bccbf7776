import { openai } from '../openai/dialect.js';
import type { FreeEndpoint } from '../endpoint.js';
import { dollars } from './amounts.js';
import { walletDocument } from './document.js';

/**
 * `GET /v1/dashboard/billing/subscription`, which OpenAI had once and desktop clients still ask for (One API and New API serve it): the
 * limit is what was spent and what is left, since clients take `usage` from it.
 */
export const subscription: FreeEndpoint = {
  kind: 'free',
  dialect: openai,
  name: '/v1/dashboard/billing/subscription',
  document: walletDocument('readSubscription', 'What was spent and is left, as billing limits in US dollars'),
  async answer({ holder }) {
    const { available, key, used } = await holder.wallet();
    const limit = dollars(used + available);
    return {
      object: 'billing_subscription',
      has_payment_method: true,
      soft_limit_usd: limit,
      hard_limit_usd: limit,
      system_hard_limit_usd: limit,
      access_until: key.limits.expires_at ?? 0,
    };
  },
};

/** `GET /v1/dashboard/billing/usage`: cents, of all time, whatever dates are asked for, so that the limit less it is what is left. */
export const billingUsage: FreeEndpoint = {
  kind: 'free',
  dialect: openai,
  name: '/v1/dashboard/billing/usage',
  document: walletDocument(
    'readBillingUsage',
    'What was spent, in cents of a US dollar, whatever dates are asked for',
  ),
  async answer({ holder }) {
    const { used } = await holder.wallet();
    return { object: 'list', total_usage: dollars(used * 100n) };
  },
};
