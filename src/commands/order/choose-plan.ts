import type { ChosenPlan } from '../../domain/order/state.js';
import { priceIn } from '../../domain/plan/state.js';
import type { Refusal } from '../../domain/refusal.js';
import { livePeriods } from '../../domain/subscription/state.js';
import { subscriptionIdOf } from '../handling/identifiers.js';
import type { CommandDependencies } from '../handling/ports.js';
import { loadPlan } from '../plan/load-plan.js';
import { loadSubscription } from '../subscription/load-subscription.js';
import type { PlaceOrder } from './commands.js';

/** The period that is ordered, as the plan is now; a price of another version is nobody's word any more. Undefined where none is ordered. */
export async function choosePlan(
  dependencies: CommandDependencies,
  accountId: string,
  { plan: asked, price }: Pick<PlaceOrder, 'plan' | 'price'>,
): Promise<ChosenPlan | Refusal | undefined> {
  if (!asked) return undefined;
  if (!dependencies.sellsPlans) return { code: 'plans_off' };
  const { planId, version } = asked;
  const { state: plan } = await loadPlan(dependencies, planId);
  if (!plan) return { code: 'plan_not_found' };
  const { terms } = plan;
  if (!terms.is_offered) return { code: 'plan_not_offered' };
  if (plan.version !== version || priceIn(terms, price.currency) !== price.payMinor)
    return { code: 'plan_changed' };
  const subscriptionId = subscriptionIdOf(accountId, planId);
  const { state: subscription } = await loadSubscription(dependencies, subscriptionId);
  const now = dependencies.now();
  // One that has not begun yet is enough: whoever pays for years ahead holds a price that nobody means.
  const isAhead = livePeriods(subscription, now).some((period) => new Date(period.terms.starts_at) > now);
  if (isAhead) return { code: 'subscription_renewed' };
  const { quota, months, priority } = terms;
  return { planId, version, subscriptionId, quota, months, priority };
}
