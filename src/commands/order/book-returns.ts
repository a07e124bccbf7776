import { returnsOf } from '../../domain/order/returns.js';
import { paymentDecider } from '../../domain/payment/decide.js';
import type { PaymentState } from '../../domain/payment/state.js';
import { paymentStream } from '../../domain/streams.js';
import type { CommandMeta, CommandResult } from '../handling/command.js';
import { handle } from '../handling/handle.js';
import { paymentUuidOf } from '../handling/identifiers.js';
import { load } from '../handling/load.js';
import { lastPosition, planOne } from '../handling/plan.js';
import type { CommandDependencies } from '../handling/ports.js';
import { refundedHere } from '../payment/sent-refunds.js';
import { bonusWrites } from './bonus.js';
import { loadOrder } from './load-order.js';

/** The quota of a credited order, and its bonus, follow what its provider gave back: as often as this runs, what is booked comes to the same. */
export function bookReturns(
  dependencies: CommandDependencies,
  orderId: string,
  meta: CommandMeta,
): Promise<CommandResult<{ readonly orderId: string }>> {
  return handle(dependencies, 'book-returns', meta, async () => {
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
    const bonus = await bonusWrites(dependencies, order.state, after ?? payment.state, meta.actor);
    // Its payment is last: as long as that is not stored, whoever comes next does all of it again.
    return { ...plan, writes: [...bonus, ...plan.writes], replayed: plan.replayed && bonus.length === 0 };
  });
}

/** The bonus of an order alone, after a refund from here. Nothing for what is no order. */
export function followBonus(
  dependencies: CommandDependencies,
  orderId: string,
  meta: CommandMeta,
): Promise<CommandResult<{ readonly orderId: string }>> {
  return handle(dependencies, 'follow-bonus', meta, async () => {
    const payment = await load(dependencies.store, paymentStream(paymentUuidOf(orderId)), paymentDecider);
    const { state } = payment.state ? await loadOrder(dependencies, orderId) : { state: undefined };
    const writes =
      state && payment.state ? await bonusWrites(dependencies, state, payment.state, meta.actor) : [];
    const position = lastPosition(payment);
    return { kind: 'accepted', writes, value: { orderId }, position, replayed: writes.length === 0 };
  });
}
