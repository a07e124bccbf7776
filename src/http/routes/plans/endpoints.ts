import { z } from 'zod';
import type { CommandResult } from '../../../commands/handling/command.js';
import { priceOfPlan } from '../../../domain/order/plan-price.js';
import type { PlanView, SubscriptionView } from '../../../projections/subscription/query.js';
import type { AccountOrders, PaymentDesk } from '../../../reactions/payments/ports.js';
import type { AreaContexts } from '../../area-contexts.js';
import { accepted, type BoundEndpoint, endpoint, type FailureRow, projected } from '../../endpoint.js';
import { invalidRequest } from '../../failure.js';
import { nameText } from '../../fields.js';
import type { Access } from '../../middleware/auth.js';
import { refused } from '../../refusals.js';
import { complaints } from '../../validation.js';
import { providerAway, unlessAway } from '../orders/provider-away.js';
import { exampleOrder, orderData, presentOrder } from '../orders/schema.js';
import {
  exampleOffered,
  exampleOwnSubscription,
  offeredPlanData,
  ownSubscriptionData,
  presentOfferedPlans,
  presentOwnSubscription,
} from './schema.js';

/** Of one account. */
export interface OwnPlans {
  plans(planId?: string): Promise<readonly PlanView[]>;
  subscriptions(): Promise<readonly SubscriptionView[]>;
  cancel(planId: string): Promise<CommandResult<unknown>>;
  readonly orders: AccountOrders;
}

/** Whose plans: the person of an account of their own, a front end of its users. */
export interface PlanWay<In extends 'user' | 'external'> {
  readonly area: In;
  /** Under the area; empty or ending in a slash. */
  readonly path: string;
  /** Of the path: what names the account, if anything does. */
  readonly input: z.ZodRawShape;
  readonly reads: Access;
  readonly writes: Access;
  readonly failures: readonly FailureRow[];
  readonly operationIds: Readonly<Record<'plans' | 'subscription' | 'order' | 'cancel', string>>;
  of(input: Readonly<Record<string, unknown>>, context: AreaContexts[In]): Promise<OwnPlans>;
  deskOf(context: AreaContexts[In]): Pick<PaymentDesk, 'terms' | 'methods'>;
}

const planIdInput = nameText(1, 40).meta({ examples: ['monthly'] });

/** What is asked of plans, the same for everybody who may ask. */
export function planEndpoints<In extends 'user' | 'external'>(way: PlanWay<In>): readonly BoundEndpoint[] {
  return [plansOf(way), subscriptionOf(way), orderOf(way), cancelOf(way)];
}

const plansOf = <In extends 'user' | 'external'>(way: PlanWay<In>) =>
  endpoint({
    method: 'get',
    area: way.area,
    path: `${way.path}/plans`,
    access: way.reads,
    operationId: way.operationIds.plans,
    summary: 'List the plans that can be bought',
    description:
      'What a period gives, how long it is, and what it costs in each currency that can be paid in.',
    input: z.object(way.input),
    data: z.object({ plans: z.array(offeredPlanData) }),
    refusals: [],
    example: { data: { plans: [exampleOffered] } },
    handle: async (input, context: AreaContexts[In]) => {
      const own = await way.of(input, context);
      const { currencies } = await way.deskOf(context).terms();
      return { data: { plans: presentOfferedPlans(await own.plans(), Object.keys(currencies)) } };
    },
  });

const subscriptionOf = <In extends 'user' | 'external'>(way: PlanWay<In>) =>
  endpoint({
    method: 'get',
    area: way.area,
    path: `${way.path}/subscription`,
    access: way.reads,
    operationId: way.operationIds.subscription,
    summary: 'Show what somebody is subscribed to',
    description: 'Each plan that was ever bought, with its newest periods and what of each is left.',
    input: z.object(way.input),
    data: z.object({ subscriptions: z.array(ownSubscriptionData) }),
    refusals: [],
    example: { data: { subscriptions: [exampleOwnSubscription] } },
    handle: async (input, context: AreaContexts[In]) => {
      const own = await way.of(input, context);
      const found = await own.subscriptions();
      return { data: { subscriptions: found.map((each) => presentOwnSubscription(each, context.now)) } };
    },
  });

const orderOf = <In extends 'user' | 'external'>(way: PlanWay<In>) =>
  endpoint({
    method: 'post',
    area: way.area,
    path: `${way.path}/plans/{plan_id}/orders`,
    access: way.writes,
    operationId: way.operationIds.order,
    summary: 'Order a period of a plan',
    description:
      'The first one begins when it is paid, the next ones at the end of what is paid for. An order like others: its checkout is paid, and nothing is taken by itself. With an `Idempotency-Key` a repetition answers the same order.',
    input: z.object({
      ...way.input,
      plan_id: planIdInput,
      method: nameText(1, 64),
      currency: nameText(1, 3).meta({ examples: ['CNY'] }),
    }),
    data: orderData,
    refusals: [
      'account_not_found',
      'account_erased',
      'orders_open_most',
      'orders_hourly_most',
      'idempotency_conflict',
      'plan_not_found',
      'plan_not_offered',
      'plan_changed',
      'plans_off',
      'subscription_renewed',
    ],
    failures: [...way.failures, providerAway],
    example: { request: { method: 'test', currency: 'CNY' }, data: exampleOrder },
    handle: async (input, context: AreaContexts[In]) => {
      const asked = input as unknown as Asked;
      const own = await way.of(input, context);
      const order = await ordered(own, way.deskOf(context), asked);
      const { value, position, replayed } = accepted(
        await unlessAway(() => own.orders.commands.place(order, context.meta)),
      );
      await projected(context, position);
      const found = await own.orders.find(value.orderId);
      if (!found) throw refused({ code: 'order_not_found' });
      return { data: presentOrder(found), replayed };
    },
  });

interface Asked {
  readonly plan_id: string;
  readonly method: string;
  readonly currency: string;
}

async function ordered(
  own: OwnPlans,
  desk: Pick<PaymentDesk, 'terms' | 'methods'>,
  { plan_id, method, currency }: Asked,
) {
  const [[plan], terms, methods] = await Promise.all([own.plans(plan_id), desk.terms(), desk.methods()]);
  if (!plan) throw refused({ code: 'plan_not_found' });
  const offered = methods.find((each) => each.method === method);
  if (!offered)
    throw notOneOf(
      'method',
      methods.map((each) => each.method),
    );
  const rate = Object.hasOwn(terms.currencies, currency) ? terms.currencies[currency]?.rate : undefined;
  const price = rate === undefined ? undefined : priceOfPlan(plan, currency, rate);
  if (!price || !offered.currencies.includes(currency))
    throw notOneOf(
      'currency',
      plan.prices.map((each) => each.currency).filter((each) => offered.currencies.includes(each)),
    );
  const { planId, version } = plan;
  return { asked: { method, currency, plan: planId }, offered, price, plan: { planId, version } };
}

const cancelOf = <In extends 'user' | 'external'>(way: PlanWay<In>) =>
  endpoint({
    method: 'post',
    area: way.area,
    path: `${way.path}/subscription/cancel`,
    access: way.writes,
    operationId: way.operationIds.cancel,
    summary: 'Cancel a subscription',
    description:
      'What is paid for goes on to its end, and is not meant to be renewed. Buying the plan again takes it back. Money goes back by a refund of its order.',
    input: z.object({ ...way.input, plan_id: planIdInput }),
    data: z.object({ subscriptions: z.array(ownSubscriptionData) }),
    refusals: ['subscription_not_found', 'subscription_over'],
    failures: way.failures,
    example: {
      request: { plan_id: 'monthly' },
      data: { subscriptions: [{ ...exampleOwnSubscription, status: 'cancelled' as const }] },
    },
    handle: async (input, context: AreaContexts[In]) => {
      const own = await way.of(input, context);
      const { plan_id } = input as unknown as Asked;
      const { position, replayed } = accepted(await own.cancel(plan_id));
      await projected(context, position);
      const found = (await own.subscriptions()).map((each) => presentOwnSubscription(each, context.now));
      return { data: { subscriptions: found }, replayed };
    },
  });

const notOneOf = (field: string, allowed: readonly string[]) =>
  invalidRequest([{ field, ...complaints.oneof(allowed) }]);
