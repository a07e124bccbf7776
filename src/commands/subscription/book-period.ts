import { accountDecider } from '../../domain/account/decide.js';
import { CREDIT_CEILING } from '../../domain/money/quota.js';
import type { ChosenPlan, OrderTerms } from '../../domain/order/state.js';
import type { Refusal } from '../../domain/refusal.js';
import { accountStream } from '../../domain/streams.js';
import { subscriptionDecider } from '../../domain/subscription/decide.js';
import { nextPeriod, periodOf } from '../../domain/subscription/state.js';
import { monthsAfter } from '../../support/months.js';
import type { CommandMeta, CommandResult } from '../handling/command.js';
import { handle } from '../handling/handle.js';
import { load } from '../handling/load.js';
import { planOne, refused } from '../handling/plan.js';
import type { CommandDependencies } from '../handling/ports.js';
import type { OfPeriod } from './commands.js';
import { loadSubscription } from './load-subscription.js';

/** An order of a plan that was paid. */
export interface PaidPeriod {
  readonly terms: Pick<OrderTerms, 'order_id' | 'account_id' | 'user_id'>;
  readonly plan: ChosenPlan;
  /** What it gives: of another amount than was asked, which an operator took for good, its share. */
  readonly quota: bigint;
}

/**
 * Starts a subscription, or renews it from the end of what is paid for: one period an order, however often this runs. What it gives comes after it.
 */
export function bookPeriod(
  dependencies: CommandDependencies,
  { terms, plan, quota }: PaidPeriod,
  meta: CommandMeta,
): Promise<CommandResult<OfPeriod>> {
  const { planId, version, subscriptionId, months, priority } = plan;
  const { order_id, account_id, user_id } = terms;
  return handle(dependencies, 'book-period', meta, async () => {
    const subscription = await loadSubscription(dependencies, subscriptionId);
    const standing = periodOf(subscription.state, order_id);
    const refusal = standing ? undefined : await refusalOf(dependencies, account_id, quota);
    if (refusal) return refused(refusal);
    const now = dependencies.now();
    const next = nextPeriod(subscription.state, now);
    const period = standing?.terms.period ?? next.number;
    const endsAt = monthsAfter(new Date(next.anchoredAt), next.fromMonth + months, dependencies.timezone);
    const decision = subscriptionDecider.decide(
      {
        type: 'book',
        terms: {
          ...{ subscription_id: subscriptionId, account_id, user_id, plan_id: planId, plan_version: version },
          ...{ order_id, quota, priority, months, by: meta.actor },
        },
        now,
        endsAt,
      },
      subscription.state,
    );
    return planOne(subscription, decision, { subscriptionId, period });
  });
}
async function refusalOf(
  { store, givesGrants, balanceOf }: CommandDependencies,
  accountId: string,
  quota: bigint,
): Promise<Refusal | undefined> {
  // Money that came while they are turned off waits for an operator.
  if (!givesGrants) return { code: 'grants_off' };
  const { state: account } = await load(store, accountStream(accountId), accountDecider);
  if (!account) return { code: 'account_not_found' };
  if (account.erased) return { code: 'account_erased' };
  if ((await balanceOf(accountId)) + quota > CREDIT_CEILING)
    return { code: 'balance_ceiling', max: CREDIT_CEILING };
  return undefined;
}
