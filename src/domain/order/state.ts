import { decimal, roundedQuotient } from '../money/decimal.js';
import { quotaOfUsd, usdOfQuota } from '../money/quota.js';
import type { DataIn, EventIn } from '../stored/event-in.js';
import type { orderEvents } from './events.js';

export type OrderEvent = EventIn<typeof orderEvents>;
export type OrderTerms = DataIn<typeof orderEvents, 'order-placed'>;
export type FlagKind = DataIn<typeof orderEvents, 'order-flagged'>['kind'];
export type FlagDecision = DataIn<typeof orderEvents, 'order-flag-settled'>['decision'];
export type SeenBy = DataIn<typeof orderEvents, 'order-paid'>['seen_by'];

/** How far an order has come. It never goes back, so that what was seen comes to the same in whatever order it was seen. */
export const orderStatuses = ['placed', 'opened', 'expired', 'cancelled', 'failed', 'paid'] as const;
export type OrderStatus = (typeof orderStatuses)[number];

export interface Checkout {
  readonly ref: string;
  readonly url?: string | undefined;
  readonly qr?: string | undefined;
  readonly instructions?: string | undefined;
}

export interface OrderFlag {
  readonly said: DataIn<typeof orderEvents, 'order-flagged'>;
  /** Undefined while nobody has decided. */
  readonly decision: FlagDecision | undefined;
}

export interface OrderDispute {
  readonly providerPayment: string;
  readonly amountMinor: bigint;
  readonly outcome: DataIn<typeof orderEvents, 'order-dispute-closed'>['outcome'] | undefined;
}

/** A period of a plan. */
export interface ChosenPlan {
  readonly planId: string;
  readonly version: number;
  readonly subscriptionId: string;
  readonly quota: bigint;
  readonly months: number;
  readonly priority: number;
}

export interface FailedReturn {
  readonly providerPayment: string;
  readonly amountMinor: bigint;
}

export interface Order {
  readonly terms: OrderTerms;
  /** What it is for, where that is no credit. */
  readonly plan: ChosenPlan | undefined;
  readonly status: OrderStatus;
  readonly checkout: Checkout | undefined;
  readonly paid: DataIn<typeof orderEvents, 'order-paid'> | undefined;
  readonly flags: ReadonlyMap<string, OrderFlag>;
  /** Of each payment of the provider, what was given back so far. */
  readonly returned: ReadonlyMap<string, bigint>;
  /** Of that, what did not arrive. */
  readonly failedReturns: ReadonlyMap<string, FailedReturn>;
  readonly disputes: ReadonlyMap<string, OrderDispute>;
}

/** Undefined before it was placed. */
export type OrderState = Order | undefined;

const rank = (status: OrderStatus): number => orderStatuses.indexOf(status);

/** Whether an order has come further than a status, or as far. */
export const hasReached = ({ status }: Pick<Order, 'status'>, wanted: OrderStatus): boolean =>
  rank(status) >= rank(wanted);

const atLeast = (order: Order, status: OrderStatus): Order =>
  hasReached(order, status) ? order : { ...order, status };

export function evolveOrder(state: OrderState, event: OrderEvent): OrderState {
  if (event.type === 'order-placed') return placed(event.data);
  if (!state) throw new Error(`${event.type} comes before the order was placed`);
  switch (event.type) {
    case 'order-plan-chosen': {
      const { plan_id: planId, plan_version: version, subscription_id: subscriptionId } = event.data;
      const { quota, months, priority } = event.data;
      return { ...state, plan: { planId, version, subscriptionId, quota, months, priority } };
    }
    case 'order-opened': {
      const { checkout_ref: ref, checkout_url: url, checkout_qr: qr, instructions } = event.data;
      return atLeast({ ...state, checkout: { ref, url, qr, instructions } }, 'opened');
    }
    case 'order-paid':
      return atLeast({ ...state, paid: event.data }, 'paid');
    case 'order-expired':
      return atLeast(state, 'expired');
    case 'order-cancelled':
      return atLeast(state, 'cancelled');
    case 'order-failed':
      return atLeast(state, 'failed');
    case 'order-flagged':
      return withFlag(state, event.data.flag_id, { said: event.data, decision: undefined });
    case 'order-returned': {
      const { provider_payment, returned_minor } = event.data;
      return { ...state, returned: new Map([...state.returned, [provider_payment, returned_minor]]) };
    }
    case 'order-return-failed': {
      const { refund_id, provider_payment: providerPayment, amount_minor: amountMinor } = event.data;
      const failed = new Map([...state.failedReturns, [refund_id, { providerPayment, amountMinor }]]);
      return { ...state, failedReturns: failed };
    }
    case 'order-disputed':
      return withDispute(state, event.data, undefined);
    case 'order-dispute-closed':
      return withDispute(state, event.data, event.data.outcome);
    case 'order-flag-settled': {
      const flag = state.flags.get(event.data.flag_id);
      if (!flag) throw new Error('a flag is settled that was never raised');
      return withFlag(state, event.data.flag_id, { ...flag, decision: event.data.decision });
    }
  }
}

const placed = (terms: OrderTerms): Order => ({
  terms,
  plan: undefined,
  status: 'placed',
  checkout: undefined,
  paid: undefined,
  flags: new Map(),
  returned: new Map(),
  failedReturns: new Map(),
  disputes: new Map(),
});

const withDispute = (
  order: Order,
  { dispute_id, provider_payment, amount_minor }: DataIn<typeof orderEvents, 'order-disputed'>,
  outcome: OrderDispute['outcome'],
): Order => ({
  ...order,
  disputes: new Map([
    ...order.disputes,
    [dispute_id, { providerPayment: provider_payment, amountMinor: amount_minor, outcome }],
  ]),
});

const withFlag = (order: Order, flagId: string, flag: OrderFlag): Order => ({
  ...order,
  flags: new Map([...order.flags, [flagId, flag]]),
});

/** What is to be credited for the order, as decimal text of dollars; undefined while there is nothing, or somebody has to look first. */
export function creditOf({ terms, paid, flags }: Order): string | undefined {
  if (!paid) return undefined;
  for (const { said, decision } of flags.values())
    if (said.kind === 'uncreditable' && decision !== 'credit') return undefined;
  return usdOfQuota(quotaFor(terms, paid.amount_minor));
}

/** What an amount is credited as: an operator took another one for good, so much of the credit as of the price. */
function quotaFor(terms: OrderTerms, amountMinor: bigint): bigint {
  const quota = quotaOfUsd(decimal(terms.credit_usd));
  return amountMinor === terms.pay_minor ? quota : roundedQuotient(quota * amountMinor, terms.pay_minor);
}

/** Whether one operator's word is too little for what would be credited. */
export const isTooLarge = (alone: bigint | undefined, terms: OrderTerms, amountMinor: bigint): boolean =>
  alone !== undefined && quotaFor(terms, amountMinor) > alone;
