import { z } from 'zod';
import { amountText } from '../../../domain/money/currency.js';
import { usdOfQuota } from '../../../domain/money/quota.js';
import type { PeriodView, PlanView, SubscriptionView } from '../../../projections/subscription/query.js';

/** Of one's own. */
export const MOST_SHOWN = 100;

const time = z.iso.datetime();
const usd = z.string().meta({ description: 'exact decimal text' });

const offered = {
  plan_id: z.string(),
  version: z.int(),
  name: z.string(),
  description: z.string(),
  quota: z.int().meta({ description: 'of a period' }),
  usd,
  months: z.int().meta({ description: 'how long a period is' }),
  prices: z.array(
    z.object({
      currency: z.string(),
      amount: z.string().meta({ description: 'in units of the currency, with all its places' }),
    }),
  ),
};

export const offeredPlanData = z.object(offered).meta({ id: 'OfferedPlan' });

export const planData = z
  .object({
    ...offered,
    priority: z.int().meta({ description: 'of two lots the lower burns first; what was paid for has 100' }),
    is_offered: z.boolean(),
    published_by: z.string(),
    published_at: time,
    subscribers: z.int().meta({ description: 'subscriptions that go on' }),
  })
  .meta({ id: 'Plan' });

const periodData = z.object({
  period: z.int(),
  plan_version: z.int(),
  order_id: z.string(),
  status: z.enum(['ahead', 'running', 'over', 'returned']).meta({
    description: '`returned`: its money went back or is disputed, and what was unused was taken',
  }),
  quota: z.int(),
  usd,
  remaining_quota: z.int().meta({ description: 'what of it is in the balance' }),
  remaining_usd: usd,
  starts_at: time,
  ends_at: time,
});

const ofSubscription = {
  subscription_id: z.uuid(),
  plan_id: z.string(),
  name: z.string(),
  status: z.enum(['active', 'cancelled', 'ended']),
  ended_because: z.enum(['over', 'returned']).nullable(),
  ends_at: time.nullable().meta({ description: 'of what is paid for; null where nothing is' }),
  can_renew: z.boolean().meta({ description: 'false where the next period is paid for already' }),
  periods: z.array(periodData).meta({ description: 'the newest first' }),
};

export const ownSubscriptionData = z.object(ofSubscription).meta({ id: 'OwnSubscription' });
export const subscriptionData = z
  .object({ ...ofSubscription, external_user_id: z.string() })
  .meta({ id: 'Subscription' });

const presentOffered = (plan: PlanView) => ({
  plan_id: plan.planId,
  version: plan.version,
  name: plan.name,
  description: plan.description,
  quota: plan.quota,
  usd: usdOfQuota(plan.quota),
  months: plan.months,
  prices: plan.prices.map(({ currency, minor }) => ({ currency, amount: amountText(minor, currency) })),
});

/** What can be bought, in currencies that have terms. */
export function presentOfferedPlans(plans: readonly PlanView[], currencies: readonly string[]) {
  return plans
    .filter(({ isOffered }) => isOffered)
    .map(presentOffered)
    .map((plan) => ({ ...plan, prices: plan.prices.filter(({ currency }) => currencies.includes(currency)) }))
    .filter(({ prices }) => prices.length > 0);
}

export const presentPlan = (plan: PlanView) => ({
  ...presentOffered(plan),
  priority: plan.priority,
  is_offered: plan.isOffered,
  published_by: plan.publishedBy,
  published_at: plan.publishedAt.toISOString(),
  subscribers: plan.subscribers,
});

function statusOf({ isReturned, startsAt, endsAt }: PeriodView, now: Date) {
  if (isReturned) return 'returned' as const;
  if (endsAt <= now) return 'over' as const;
  return startsAt > now ? ('ahead' as const) : ('running' as const);
}

const presentPeriod = (period: PeriodView, now: Date) => ({
  period: period.period,
  plan_version: period.planVersion,
  order_id: period.orderId,
  status: statusOf(period, now),
  quota: period.quota,
  usd: usdOfQuota(period.quota),
  remaining_quota: period.remaining,
  remaining_usd: usdOfQuota(period.remaining),
  starts_at: period.startsAt.toISOString(),
  ends_at: period.endsAt.toISOString(),
});

export function presentOwnSubscription(subscription: SubscriptionView, now: Date) {
  const { subscriptionId, planId, planName, status, endedBecause } = subscription;
  const periods = subscription.periods.map((period) => presentPeriod(period, now));
  const live = periods.filter((period) => period.status === 'ahead' || period.status === 'running');
  const ends = live.map(({ ends_at }) => ends_at).sort();
  return {
    ...{ subscription_id: subscriptionId, plan_id: planId, name: planName },
    ...{ status, ended_because: endedBecause },
    ends_at: ends.at(-1) ?? null,
    can_renew: live.every((period) => period.status === 'running'),
    periods,
  };
}

export const presentSubscription = (subscription: SubscriptionView, now: Date) => ({
  ...presentOwnSubscription(subscription, now),
  external_user_id: subscription.externalUserId,
});

export const exampleOffered = {
  plan_id: 'monthly',
  version: 1,
  name: 'Monthly',
  description: '20 dollars of calls a month',
  quota: 10_000_000,
  usd: '20',
  months: 1,
  prices: [{ currency: 'CNY', amount: '99.00' }],
};

export const examplePlan = {
  ...exampleOffered,
  priority: 100,
  is_offered: true,
  published_by: 'operator:ann',
  published_at: '2026-11-30T08:00:00.000Z',
  subscribers: 12,
};

export const exampleOwnSubscription = {
  subscription_id: '6f0d7bb1-7d0c-5f0e-9a55-3c1f0c2f6c0b',
  plan_id: 'monthly',
  name: 'Monthly',
  status: 'active' as const,
  ended_because: null,
  ends_at: '2026-12-30T08:00:00.000Z',
  can_renew: true,
  periods: [
    {
      period: 1,
      plan_version: 1,
      order_id: 'CF01KB3XQ5T7VJ2M8N4P6R9S0TWY',
      status: 'running' as const,
      quota: 10_000_000,
      usd: '20',
      remaining_quota: 7_500_000,
      remaining_usd: '15',
      starts_at: '2026-11-30T08:00:00.000Z',
      ends_at: '2026-12-30T08:00:00.000Z',
    },
  ],
};

export const exampleSubscription = { ...exampleOwnSubscription, external_user_id: 'user_001' };
