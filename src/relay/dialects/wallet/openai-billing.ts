import { openai } from '../openai/dialect.js';
import { dollars } from './amounts.js';
import { question } from './question.js';

/**
 * `GET /v1/dashboard/billing/subscription`, which OpenAI had once and desktop clients still ask for (One API and New API serve it): the
 * limit is what was spent and what is left, since clients take `usage` from it.
 */
export const subscription = question(
  {
    dialect: openai,
    path: '/v1/dashboard/billing/subscription',
    operationId: 'readSubscription',
    summary: 'What was spent and is left, as billing limits in US dollars',
  },
  async (holder) => {
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
);

/** `GET /v1/dashboard/billing/usage`: cents, of all time, whatever dates are asked for, so that the limit less it is what is left. */
export const billingUsage = question(
  {
    dialect: openai,
    path: '/v1/dashboard/billing/usage',
    operationId: 'readBillingUsage',
    summary: 'What was spent, in cents of a US dollar, whatever dates are asked for',
  },
  async (holder) => {
    const { used } = await holder.wallet();
    return { object: 'list', total_usage: dollars(used * 100n) };
  },
);
