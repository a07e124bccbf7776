import { accountIdOf, subscriptionIdOf } from '../../src/commands/handling/identifiers.js';
import { priceOfPlan } from '../../src/domain/order/plan-price.js';
import type { PlanTerms } from '../../src/domain/plan/state.js';
import type { Sighting } from '../../src/domain/order/sighting.js';
import type { Commands } from '../../src/commands/commands.js';

const meta = { actor: 'provider:test', requestId: 'r' };

export const monthly: PlanTerms = {
  name: 'Monthly',
  description: '20 dollars of calls a month',
  quota: 10_000_000n,
  months: 1,
  prices: [{ currency: 'CNY', minor: 9_900n }],
  priority: 50,
  is_offered: true,
};

export const PLAN = 'monthly';
export const subscriptionOf = (externalUserId: string): string =>
  subscriptionIdOf(accountIdOf(externalUserId), PLAN);

/** Answers the order, or the code of the refusal. */
export async function orderPlan(
  commands: Commands,
  externalUserId: string,
  {
    version = 1,
    terms = monthly,
    key,
    provider = 'test',
  }: { version?: number; terms?: PlanTerms; key?: string; provider?: string } = {},
): Promise<{ readonly orderId?: string; readonly refused?: string }> {
  const price = priceOfPlan(terms, 'CNY', '7.10');
  if (!price) throw new Error('it is not sold in yuan');
  const placed = await commands.placeOrder(
    {
      ...{ externalUserId, price, plan: { planId: PLAN, version } },
      asked: { method: 'test', currency: 'CNY', plan: PLAN },
      ...{ providerId: provider, providerRevision: 1, forMs: 1_800_000, openMost: 99, hourlyMost: 99 },
    },
    { ...meta, idempotencyKey: key },
  );
  return placed.ok ? { orderId: placed.value.orderId } : { refused: placed.refusal.code };
}

/** What its provider says of the payment of an order. */
export const planSighting = (orderId: string, what: Sighting['what'], amountMinor = 9_900n) => ({
  sighting: {
    ...{ orderId, what, amountMinor, currency: 'CNY', at: new Date(0) },
    ...{ providerPayment: `pi_${orderId}`, merchant: 'test', disputeId: 'dp_1' },
  },
  ...{
    providerId: 'test',
    merchant: 'test',
    seenBy: 'notification' as const,
    evidenceSha256: 'e5'.repeat(32),
  },
});

export async function tellOfPlan(
  commands: Commands,
  orderId: string,
  what: Sighting['what'],
  amountMinor = 9_900n,
) {
  const told = await commands.applySighting(planSighting(orderId, what, amountMinor), meta);
  if (!told.ok) throw new Error(told.refusal.code);
  return told.value;
}

/** Somebody orders a period and pays for it. */
export async function payPlan(commands: Commands, externalUserId: string): Promise<string> {
  const { orderId, refused } = await orderPlan(commands, externalUserId);
  if (orderId === undefined) throw new Error(refused);
  await tellOfPlan(commands, orderId, 'paid');
  return orderId;
}
