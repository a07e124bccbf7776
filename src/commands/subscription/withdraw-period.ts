import type { ChosenPlan } from '../../domain/order/state.js';
import { subscriptionDecider } from '../../domain/subscription/decide.js';
import { periodOf, type SubscribedPeriod } from '../../domain/subscription/state.js';
import type { CommandMeta, CommandResult } from '../handling/command.js';
import { handle } from '../handling/handle.js';
import { lastPosition, planOne, refused } from '../handling/plan.js';
import type { CommandDependencies } from '../handling/ports.js';
import type { Refusal } from '../../domain/refusal.js';
import type { OfSubscription } from './commands.js';
import { loadSubscription } from './load-subscription.js';
import { settlePeriod } from './settle-period.js';

/** The provider gave money back of its order, or it is disputed. */
export const RETURNED = 'returned';
const REFUND = 'refund:';
/** It is given back from here. */
export const causeOfRefund = (refundId: string): string => `${REFUND}${refundId}`;

export interface Withdrawing {
  readonly plan: Pick<ChosenPlan, 'subscriptionId'>;
  readonly orderId: string;
  readonly cause: string;
  /** Whether the money goes back, or does not after all. */
  readonly isGoing: boolean;
  /** Why it may not go back, as its period stands when this is written. */
  readonly refusalOf?: ((period: SubscribedPeriod) => Promise<Refusal | undefined>) | undefined;
}

/** What paid for a period goes back, or does not after all: that is said first, and what it gave follows. */
export async function withdrawPeriod(
  dependencies: CommandDependencies,
  { plan: { subscriptionId }, orderId, cause, isGoing, refusalOf }: Withdrawing,
  meta: CommandMeta,
): Promise<CommandResult<OfSubscription>> {
  let number = 0;
  const written = await handle(
    dependencies,
    isGoing ? 'withdraw-period' : 'restore-period',
    meta,
    async () => {
      const subscription = await loadSubscription(dependencies, subscriptionId);
      const period = periodOf(subscription.state, orderId);
      const value = { subscriptionId };
      // What was not booked has nothing to take.
      if (!period && !isGoing)
        return { kind: 'accepted', writes: [], value, position: lastPosition(subscription), replayed: true };
      number = period?.terms.period ?? 0;
      const refusal = period && !period.causes.has(cause) ? await refusalOf?.(period) : undefined;
      if (refusal) return refused(refusal);
      const type = isGoing ? 'withdraw' : 'restore';
      const decision = subscriptionDecider.decide(
        { type, orderId, cause, by: meta.actor },
        subscription.state,
      );
      return planOne(subscription, decision, value);
    },
  );
  if (!written.ok || number === 0) return written;
  const settled = await settlePeriod(dependencies)({ subscriptionId, period: number }, meta);
  // Calls under way hold it: whoever looks after periods goes on with it.
  if (!settled.ok || settled.position < written.position) return written;
  return { ...written, position: settled.position };
}

/** Refunds from here for which a period is withdrawn. */
export const refundsOfPeriod = ({ causes }: SubscribedPeriod): readonly string[] =>
  [...causes].flatMap((cause) => (cause.startsWith(REFUND) ? [cause.slice(REFUND.length)] : []));
