import type { DataIn, EventIn } from '../stored/event-in.js';
import type { subscriptionEvents } from './events.js';

export type SubscriptionEvent = EventIn<typeof subscriptionEvents>;
export type PeriodTerms = DataIn<typeof subscriptionEvents, 'subscription-started'>;

export interface SubscribedPeriod {
  readonly terms: PeriodTerms;
  /** Why what paid for it goes back; empty: it does not. */
  readonly causes: ReadonlySet<string>;
  /** How often it came again after that: each time it is given under a key of its own. */
  readonly timesRestored: number;
}

export interface Subscription {
  readonly periods: readonly SubscribedPeriod[];
  readonly isCancelled: boolean;
  readonly isEnded: boolean;
}

/** Undefined before it was started. */
export type SubscriptionState = Subscription | undefined;

export function evolveSubscription(state: SubscriptionState, event: SubscriptionEvent): SubscriptionState {
  if (event.type === 'subscription-started' || event.type === 'subscription-renewed')
    return {
      periods: [...(state?.periods ?? []), { terms: event.data, causes: new Set(), timesRestored: 0 }],
      isCancelled: false,
      isEnded: false,
    };
  if (!state) throw new Error(`${event.type} comes before the subscription was started`);
  switch (event.type) {
    case 'subscription-cancelled':
      return { ...state, isCancelled: true };
    case 'subscription-ended':
      return { ...state, isEnded: true };
    case 'subscription-period-withdrawn':
      return changed(state, event.data.period, (period) => ({
        ...period,
        causes: new Set([...period.causes, event.data.cause]),
      }));
    case 'subscription-period-restored':
      return {
        ...changed(state, event.data.period, (period) => without(period, event.data.cause)),
        isEnded: false,
      };
  }
}

const changed = (
  state: Subscription,
  number: number,
  change: (period: SubscribedPeriod) => SubscribedPeriod,
): Subscription => ({
  ...state,
  periods: state.periods.map((each) => (each.terms.period === number ? change(each) : each)),
});

function without({ terms, causes, timesRestored }: SubscribedPeriod, cause: string): SubscribedPeriod {
  const left = new Set([...causes].filter((each) => each !== cause));
  return { terms, causes: left, timesRestored: timesRestored + (left.size === 0 ? 1 : 0) };
}

/** The period that an order paid for. */
export const periodOf = (state: SubscriptionState, orderId: string): SubscribedPeriod | undefined =>
  state?.periods.find(({ terms }) => terms.order_id === orderId);

/** Periods that are paid for and not over, the first one first. */
export const livePeriods = (state: SubscriptionState, now: Date): readonly SubscribedPeriod[] =>
  (state?.periods ?? [])
    .filter(({ causes, terms }) => causes.size === 0 && Date.parse(terms.ends_at) > now.getTime())
    .sort((a, b) => Date.parse(a.terms.ends_at) - Date.parse(b.terms.ends_at));

/** Where the next period begins. */
export interface NextPeriod {
  readonly number: number;
  readonly follows: boolean;
  readonly startsAt: string;
  readonly anchoredAt: string;
  /** Months from there to its beginning. */
  readonly fromMonth: number;
}

/** From the end of the last one that is paid for, or, where there is none, from this very instant. */
export function nextPeriod(state: SubscriptionState, now: Date): NextPeriod {
  const number = (state?.periods.length ?? 0) + 1;
  const last = livePeriods(state, now).at(-1)?.terms;
  if (!last) {
    const startsAt = now.toISOString();
    return { number, follows: false, startsAt, anchoredAt: startsAt, fromMonth: 0 };
  }
  const { ends_at: startsAt, anchored_at: anchoredAt, until_month: fromMonth } = last;
  return { number, follows: true, startsAt, anchoredAt, fromMonth };
}

/** The natural key of what a period gives. */
export const sourceOfPeriod = ({ terms, timesRestored }: SubscribedPeriod, times = timesRestored): string =>
  `sub:${terms.subscription_id}:${terms.period}${times === 0 ? '' : `:${times}`}`;
