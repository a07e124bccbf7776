import { accept, type Decider, type Decision, refuse, replay } from '../decider.js';
import { subscriptionEvents } from './events.js';
import {
  evolveSubscription,
  livePeriods,
  nextPeriod,
  type PeriodTerms,
  periodOf,
  type Subscription,
  type SubscriptionEvent,
  type SubscriptionState,
} from './state.js';

/** An order of a plan was paid. */
export interface BookPeriod {
  readonly type: 'book';
  readonly terms: Pick<
    PeriodTerms,
    | 'subscription_id'
    | 'account_id'
    | 'user_id'
    | 'plan_id'
    | 'plan_version'
    | 'order_id'
    | 'quota'
    | 'priority'
    | 'months'
    | 'by'
  >;
  readonly now: Date;
  /** Of what `nextPeriod` says, in the calendar of the ledger's zone. */
  readonly endsAt: Date;
}

export interface CancelSubscription {
  readonly type: 'cancel';
  readonly by: string;
}

export interface EndSubscription {
  readonly type: 'end';
  readonly now: Date;
  readonly by: string;
}

/** What paid for a period goes back, or does not after all. */
export interface WithdrawPeriod {
  readonly type: 'withdraw' | 'restore';
  readonly orderId: string;
  readonly cause: string;
  readonly by: string;
}

export type SubscriptionCommand = BookPeriod | CancelSubscription | EndSubscription | WithdrawPeriod;

function decide(command: SubscriptionCommand, state: SubscriptionState): Decision<SubscriptionEvent> {
  if (command.type === 'book') return book(command, state);
  if (!state) return refuse({ code: 'subscription_not_found' });
  switch (command.type) {
    case 'cancel':
      return cancel(command, state);
    case 'end':
      return end(command, state);
    default:
      return withdraw(command, state);
  }
}

/** One period an order, however often it is booked. */
function book({ terms, now, endsAt }: BookPeriod, state: SubscriptionState): Decision<SubscriptionEvent> {
  if (periodOf(state, terms.order_id)) return replay();
  const next = nextPeriod(state, now);
  return accept({
    type: next.follows ? 'subscription-renewed' : 'subscription-started',
    data: {
      ...terms,
      period: next.number,
      starts_at: next.startsAt,
      ends_at: endsAt.toISOString(),
      anchored_at: next.anchoredAt,
      until_month: next.fromMonth + terms.months,
    },
  });
}

function cancel({ by }: CancelSubscription, state: Subscription): Decision<SubscriptionEvent> {
  if (state.isEnded) return refuse({ code: 'subscription_over' });
  if (state.isCancelled) return replay();
  return accept({ type: 'subscription-cancelled', data: { ...whose(state), by } });
}

function end({ now, by }: EndSubscription, state: Subscription): Decision<SubscriptionEvent> {
  if (state.isEnded || livePeriods(state, now).length > 0) return replay();
  const why = state.periods.at(-1)?.causes.size === 0 ? 'over' : 'returned';
  return accept({ type: 'subscription-ended', data: { ...whose(state), why, by } });
}

function withdraw(
  { type, orderId, cause, by }: WithdrawPeriod,
  state: Subscription,
): Decision<SubscriptionEvent> {
  const period = periodOf(state, orderId);
  if (!period) return refuse({ code: 'subscription_not_found' });
  if (period.causes.has(cause) === (type === 'withdraw')) return replay();
  const data = { ...whose(state), order_id: orderId, period: period.terms.period, cause, by };
  return accept(
    type === 'withdraw'
      ? { type: 'subscription-period-withdrawn', data }
      : { type: 'subscription-period-restored', data },
  );
}

function whose({ periods }: Subscription): Pick<PeriodTerms, 'subscription_id' | 'account_id'> {
  const [first] = periods;
  if (!first) throw new Error('a subscription has no period');
  const { subscription_id, account_id } = first.terms;
  return { subscription_id, account_id };
}

export const subscriptionDecider: Decider<SubscriptionState, SubscriptionCommand, SubscriptionEvent> = {
  initialState: () => undefined,
  evolve: evolveSubscription,
  decide,
  events: subscriptionEvents,
};
