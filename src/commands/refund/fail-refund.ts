import { paymentDecider } from '../../domain/payment/decide.js';
import { isOver } from '../../domain/refund/state.js';
import { paymentStream } from '../../domain/streams.js';
import type { CommandMeta, CommandResult, Handler } from '../handling/command.js';
import { handle } from '../handling/handle.js';
import { paymentUuidOf } from '../handling/identifiers.js';
import { load } from '../handling/load.js';
import { lastPosition, planOne } from '../handling/plan.js';
import type { CommandDependencies } from '../handling/ports.js';
import { bookReturns } from '../order/book-returns.js';
import { loadOrder } from '../order/load-order.js';
import { loadRefund } from '../payment/sent-refunds.js';
import type { RefundCommands } from './commands.js';
import { handleRefund } from './handle-refund.js';
import { reversePlanRefund } from './plan-refund.js';
import { standingOf } from './standing.js';

/**
 * A refund came to nothing. What was taken for it comes again, and what went back otherwise meanwhile is taken; then it is over. Whoever dies in
 * between does all of it again.
 */
export function failRefund(dependencies: CommandDependencies): Handler<RefundCommands['failRefund']> {
  return async ({ refundId, why, isTakenBack = false }, meta) => {
    const refund = await loadRefund(dependencies, refundId);
    if (!refund.state) return { ok: false, refusal: { code: 'refund_not_found' } };
    if (!isOver(refund.state) || (isTakenBack && refund.state.status === 'succeeded')) {
      const { order_id: orderId } = refund.state.terms;
      const reversed = await reverse(dependencies, { orderId, refundId, why }, meta);
      if (!reversed.ok) return reversed;
      const booked = await bookReturns(dependencies, orderId, meta);
      if (!booked.ok) return booked;
    } else if (refund.state.status === 'failed')
      return { ok: true, value: standingOf(refund.state), position: lastPosition(refund), replayed: true };
    const failing = { type: 'fail', why, isTakenBack, by: meta.actor } as const;
    return handleRefund(dependencies, 'fail-refund', refundId, meta, failing);
  };
}

interface Reversed {
  readonly orderId: string;
  readonly refundId: string;
  readonly why: string;
}

/** Nothing comes again where nothing was taken. */
async function reverse(
  dependencies: CommandDependencies,
  { orderId, refundId, why }: Reversed,
  meta: CommandMeta,
): Promise<CommandResult<unknown>> {
  const { state: order } = await loadOrder(dependencies, orderId);
  if (order?.plan) return reversePlanRefund(dependencies, { order, plan: order.plan, refundId }, meta);
  return handle(dependencies, 'reverse-refund', meta, async () => {
    const payment = await load(dependencies.store, paymentStream(paymentUuidOf(orderId)), paymentDecider);
    const decision = paymentDecider.decide({ type: 'reverse', refundId, why, by: meta.actor }, payment.state);
    return decision.kind === 'refused' && decision.refusal.code === 'refund_not_found'
      ? planOne(payment, { kind: 'accepted', events: [], replayed: true }, refundId)
      : planOne(payment, decision, refundId);
  });
}
