import { most } from '../../domain/money/decimal.js';
import { usdOfQuota } from '../../domain/money/quota.js';
import { returnsOf } from '../../domain/order/returns.js';
import type { ChosenPlan, Order } from '../../domain/order/state.js';
import type { Refusal } from '../../domain/refusal.js';
import { periodOf, type SubscribedPeriod } from '../../domain/subscription/state.js';
import type { CommandMeta, CommandResult } from '../handling/command.js';
import type { CommandDependencies } from '../handling/ports.js';
import { loadRefund } from '../payment/sent-refunds.js';
import { loadSubscription } from '../subscription/load-subscription.js';
import { causeOfRefund, refundsOfPeriod, withdrawPeriod } from '../subscription/withdraw-period.js';

/** What of a plan's order can go back yet, and what that takes: its whole period, whatever amount it is. */
export interface PlanRefundShare {
  readonly leftMinor: bigint;
  readonly leftUsd: string;
  readonly quotaOf: (amountMinor: bigint) => bigint;
}

/** Undefined for an order that was not booked. */
export async function planRefundShare(
  dependencies: Pick<CommandDependencies, 'store'>,
  order: Order,
  { subscriptionId }: Pick<ChosenPlan, 'subscriptionId'>,
): Promise<PlanRefundShare | undefined> {
  const { state } = await loadSubscription(dependencies, subscriptionId);
  const period = periodOf(state, order.terms.order_id);
  return period && shareOf(dependencies, order, period);
}

async function shareOf(
  dependencies: Pick<CommandDependencies, 'store'>,
  order: Order,
  period: SubscribedPeriod,
): Promise<PlanRefundShare | undefined> {
  const returns = returnsOf(order);
  if (!returns) return undefined;
  const { paidMinor, returnedMinor, disputedMinor } = returns;
  const refunds = await Promise.all(refundsOfPeriod(period).map((id) => loadRefund(dependencies, id)));
  const sentMinor = refunds.reduce((sum, { state }) => sum + (state?.terms.amount_minor ?? 0n), 0n);
  const leftMinor = most(paidMinor - most(sentMinor, returnedMinor) - disputedMinor, 0n);
  const { quota } = period.terms;
  return { leftMinor, leftUsd: leftMinor === 0n ? '0' : usdOfQuota(quota), quotaOf: () => quota };
}

interface OfPlan {
  readonly order: Order;
  readonly plan: ChosenPlan;
  readonly refundId: string;
}

/** The period is withdrawn before the provider is asked. */
export function bookPlanRefund(
  dependencies: CommandDependencies,
  { order, plan, refundId, amountMinor }: OfPlan & { readonly amountMinor: bigint },
  meta: CommandMeta,
): Promise<CommandResult<unknown>> {
  const refusalOf = async (period: SubscribedPeriod): Promise<Refusal | undefined> => {
    const share = await shareOf(dependencies, order, period);
    if (share && amountMinor <= share.leftMinor) return undefined;
    return { code: 'refund_exceeds_payment', remainingUsd: share?.leftUsd ?? '0' };
  };
  const { order_id: orderId } = order.terms;
  const withdrawing = { plan, orderId, cause: causeOfRefund(refundId), isGoing: true, refusalOf };
  return withdrawPeriod(dependencies, withdrawing, meta);
}

/** It came to nothing: the period goes on, with what was taken of it. */
export function reversePlanRefund(
  dependencies: CommandDependencies,
  { order, plan, refundId }: OfPlan,
  meta: CommandMeta,
): Promise<CommandResult<unknown>> {
  const { order_id: orderId } = order.terms;
  const withdrawing = { plan, orderId, cause: causeOfRefund(refundId), isGoing: false };
  return withdrawPeriod(dependencies, withdrawing, meta);
}
