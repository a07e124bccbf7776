import { returnsOf } from '../../domain/order/returns.js';
import type { ChosenPlan, Order } from '../../domain/order/state.js';
import { paymentDecider } from '../../domain/payment/decide.js';
import type { PaymentState } from '../../domain/payment/state.js';
import { paymentStream } from '../../domain/streams.js';
import type { CommandMeta, CommandResult } from '../handling/command.js';
import { handle } from '../handling/handle.js';
import { paymentUuidOf } from '../handling/identifiers.js';
import { load } from '../handling/load.js';
import { lastPosition, planOne } from '../handling/plan.js';
import type { CommandDependencies } from '../handling/ports.js';
import { BEFORE_FIRST } from '../../eventstore/event-store.js';
import { refundedHere } from '../payment/sent-refunds.js';
import { RETURNED, withdrawPeriod } from '../subscription/withdraw-period.js';
import { giftWrites } from './gifts.js';
import { loadOrder } from './load-order.js';

/** The quota of a credited order, and what was given for it, follow what its provider gave back: as often as this runs, what is booked comes to the same. */
export async function bookReturns(
  dependencies: CommandDependencies,
  orderId: string,
  meta: CommandMeta,
): Promise<CommandResult<{ readonly orderId: string }>> {
  const { state } = await loadOrder(dependencies, orderId);
  if (state?.plan) return bookPlanReturns(dependencies, state, state.plan, meta);
  const booked = await handle(dependencies, 'book-returns', meta, async () => {
    const order = await loadOrder(dependencies, orderId);
    const payment = await load(dependencies.store, paymentStream(paymentUuidOf(orderId)), paymentDecider);
    const returns = order.state && returnsOf(order.state);
    if (!returns || !payment.state) {
      const position = lastPosition(payment);
      return { kind: 'accepted', writes: [], value: { orderId }, position, replayed: true };
    }
    const { sentQuota } = await refundedHere(dependencies, payment.state, returns.paidMinor);
    const decision = paymentDecider.decide(
      { type: 'take-back', ...returns, sentQuota, by: meta.actor },
      payment.state,
    );
    const plan = planOne(payment, decision, { orderId });
    if (plan.kind === 'refused' || !order.state || decision.kind === 'refused') return plan;
    const { events } = decision;
    const after = events.reduce(
      (so, event) => paymentDecider.evolve(so, event),
      payment.state as PaymentState,
    );
    const gifts = await giftWrites(dependencies, order.state, after ?? payment.state, meta.actor);
    // Its payment is last: as long as that is not stored, whoever comes next does all of it again.
    return { ...plan, writes: [...gifts, ...plan.writes], replayed: plan.replayed && gifts.length === 0 };
  });
  // What somebody else gave meanwhile did not know of this.
  const followed = booked.ok && !booked.replayed ? await followGifts(dependencies, orderId, meta) : booked;
  return followed.ok ? booked : followed;
}

/** What was given for an order alone: after a refund from here, and when it is due. Nothing for what is no order. */
export function followGifts(
  dependencies: CommandDependencies,
  orderId: string,
  meta: CommandMeta,
): Promise<CommandResult<{ readonly orderId: string }>> {
  return handle(dependencies, 'follow-gifts', meta, async () => {
    const payment = await load(dependencies.store, paymentStream(paymentUuidOf(orderId)), paymentDecider);
    const { state } = payment.state ? await loadOrder(dependencies, orderId) : { state: undefined };
    const writes =
      state && payment.state ? await giftWrites(dependencies, state, payment.state, meta.actor) : [];
    const position = lastPosition(payment);
    return { kind: 'accepted', writes, value: { orderId }, position, replayed: writes.length === 0 };
  });
}

/** Of a period, what is unused goes as soon as any of its money does. */
async function bookPlanReturns(
  dependencies: CommandDependencies,
  order: Order,
  plan: ChosenPlan,
  meta: CommandMeta,
): Promise<CommandResult<{ readonly orderId: string }>> {
  const { order_id: orderId } = order.terms;
  const returns = returnsOf(order);
  const isGoing = returns !== undefined && returns.returnedMinor + returns.disputedMinor > 0n;
  const withdrawing = { plan, orderId, cause: RETURNED, isGoing };
  const withdrawn = await withdrawPeriod(dependencies, withdrawing, meta);
  // What was never booked: somebody has to look at its money first.
  if (!withdrawn.ok && withdrawn.refusal.code === 'subscription_not_found')
    return { ok: true, value: { orderId }, position: BEFORE_FIRST, replayed: true };
  return withdrawn.ok ? { ...withdrawn, value: { orderId } } : withdrawn;
}
