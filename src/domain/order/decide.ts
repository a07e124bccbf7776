import { accept, type Decider, type Decision, refuse, replay } from '../decider.js';
import { orderEvents } from './events.js';
import { type ApplySighting, applySighting } from './apply-sighting.js';
import { type SettleFlag, settleFlag } from './settle-flag.js';
import {
  type Checkout,
  type ChosenPlan,
  creditOf,
  evolveOrder,
  hasReached,
  type Order,
  type OrderEvent,
  type OrderState,
  type OrderTerms,
} from './state.js';

export interface PlaceOrder {
  readonly type: 'place';
  readonly terms: OrderTerms;
  readonly plan?: ChosenPlan | undefined;
}

export interface OpenCheckout {
  readonly type: 'open';
  readonly checkout: Checkout;
}

export interface ExpireOrder {
  readonly type: 'expire';
  readonly now: Date;
}

export interface CancelOrder {
  readonly type: 'cancel';
  readonly by: string;
}

/** What was paid cannot be credited. */
export interface FlagUncreditable {
  readonly type: 'flag-uncreditable';
  readonly flagId: string;
  /** Why: the code of the refusal. */
  readonly refusal: string;
  readonly merchant: string;
  readonly by: string;
}

export type OrderCommand =
  | PlaceOrder
  | OpenCheckout
  | ApplySighting
  | ExpireOrder
  | CancelOrder
  | FlagUncreditable
  | SettleFlag;

function decide(command: OrderCommand, state: OrderState): Decision<OrderEvent> {
  if (command.type === 'place') return state ? replay() : place(command);
  if (!state) return refuse({ code: 'order_not_found' });
  switch (command.type) {
    case 'open':
      return open(command, state);
    case 'apply':
      return applySighting(command, state);
    case 'expire':
      return expire(command, state);
    case 'cancel':
      return cancel(command, state);
    case 'flag-uncreditable':
      return flagUncreditable(command, state);
    case 'settle':
      return settleFlag(command, state);
  }
}

/** What it is for stands in the same write. */
function place({ terms, plan }: PlaceOrder): Decision<OrderEvent> {
  const placed: OrderEvent = { type: 'order-placed', data: terms };
  if (!plan) return accept(placed);
  const { order_id, account_id } = terms;
  const { planId: plan_id, version: plan_version, subscriptionId: subscription_id, ...period } = plan;
  return accept<OrderEvent>(placed, {
    type: 'order-plan-chosen',
    data: { order_id, account_id, plan_id, plan_version, subscription_id, ...period },
  });
}

const ofOrder = ({ terms: { order_id, account_id } }: Order) => ({ order_id, account_id });

/** One checkout an order: two would both stay payable. */
function open({ checkout }: OpenCheckout, order: Order): Decision<OrderEvent> {
  if (order.checkout) return replay();
  const { ref, url, qr, instructions } = checkout;
  return accept({
    type: 'order-opened',
    data: {
      ...ofOrder(order),
      checkout_ref: ref,
      ...(url !== undefined && { checkout_url: url }),
      ...(qr !== undefined && { checkout_qr: qr }),
      ...(instructions !== undefined && { instructions }),
    },
  });
}

function expire({ now }: ExpireOrder, order: Order): Decision<OrderEvent> {
  if (hasReached(order, 'expired') || now.getTime() < Date.parse(order.terms.expires_at)) return replay();
  return accept({ type: 'order-expired', data: ofOrder(order) });
}

function cancel({ by }: CancelOrder, order: Order): Decision<OrderEvent> {
  if (order.paid) return refuse({ code: 'order_paid' });
  if (hasReached(order, 'expired')) return replay();
  return accept({ type: 'order-cancelled', data: { ...ofOrder(order), by } });
}

function flagUncreditable(
  { flagId, refusal, merchant, by }: FlagUncreditable,
  order: Order,
): Decision<OrderEvent> {
  const { paid } = order;
  if (!paid || order.flags.has(flagId) || creditOf(order) === undefined) return replay();
  const { provider_payment, amount_minor, currency, paid_at, seen_by, evidence_sha256 } = paid;
  return accept({
    type: 'order-flagged',
    data: {
      ...ofOrder(order),
      flag_id: flagId,
      kind: 'uncreditable',
      ...{ provider_payment, amount_minor, currency, merchant, paid_at, seen_by, evidence_sha256 },
      refusal,
      by,
    },
  });
}

export const orderDecider: Decider<OrderState, OrderCommand, OrderEvent> = {
  initialState: () => undefined,
  evolve: evolveOrder,
  decide,
  events: orderEvents,
};
