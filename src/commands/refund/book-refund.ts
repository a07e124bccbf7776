import { paymentDecider } from '../../domain/payment/decide.js';
import { usdOfQuota } from '../../domain/money/quota.js';
import type { Refund } from '../../domain/payment/state.js';
import { isOver, type SentRefund } from '../../domain/refund/state.js';
import { paymentStream } from '../../domain/streams.js';
import type { CommandMeta, CommandResult, Handler } from '../handling/command.js';
import { paymentUuidOf } from '../handling/identifiers.js';
import { load } from '../handling/load.js';
import { lastPosition } from '../handling/plan.js';
import type { CommandDependencies } from '../handling/ports.js';
import { followGifts } from '../order/book-returns.js';
import { loadOrder } from '../order/load-order.js';
import type { PaymentCommands } from '../payment/commands.js';
import { loadRefund } from '../payment/sent-refunds.js';
import type { RefundCommands, RefundStanding } from './commands.js';
import { bookPlanRefund } from './plan-refund.js';
import { refundShare } from './refund-share.js';
import { standingOf } from './standing.js';

export interface BookingParts {
  readonly refundPayment: Handler<PaymentCommands['refundPayment']>;
  readonly failRefund: Handler<RefundCommands['failRefund']>;
}

/** The quota is held and taken before the provider is asked. What cannot be taken is not asked for. */
export function bookRefund(
  dependencies: CommandDependencies,
  { refundPayment, failRefund }: BookingParts,
): Handler<RefundCommands['bookRefund']> {
  const bookedAs = async (orderId: string, refundId: string) => {
    const payment = await load(dependencies.store, paymentStream(paymentUuidOf(orderId)), paymentDecider);
    return { payment, booked: payment.state?.refunds.find((each) => each.refundId === refundId) };
  };
  return async ({ refundId }, meta) => {
    const refund = await loadRefund(dependencies, refundId);
    if (!refund.state) return { ok: false, refusal: { code: 'refund_not_found' } };
    const standing = standingOf(refund.state);
    const { orderId } = standing;
    const order = await loadOrder(dependencies, orderId);
    const { payment, booked } = await bookedAs(orderId, refundId);
    const asItIs = (position: bigint): CommandResult<RefundStanding> => ({
      ok: true,
      value: standing,
      position,
      replayed: true,
    });
    if (isOver(refund.state)) return asItIs(lastPosition(refund));
    if (order.state?.plan) {
      const of = { order: order.state, plan: order.state.plan, refundId };
      const { amountMinor } = standing;
      const withdrawn = await bookPlanRefund(dependencies, { ...of, amountMinor }, meta);
      return withdrawn.ok
        ? { ...withdrawn, value: standing }
        : failRefund({ refundId, why: withdrawn.refusal.code }, meta);
    }
    if (booked && !goesOn(booked)) return failRefund({ refundId, why: 'reversed' }, meta);
    const taken = booked
      ? asItIs(lastPosition(payment))
      : await take(dependencies, refundPayment, refund.state, meta);
    if (taken.ok) {
      // What was given for it goes with it, also where whoever took it died before that.
      const followed = await followGifts(dependencies, orderId, meta);
      return followed.ok ? { ...taken, value: standing } : followed;
    }
    // Somebody else took it in between.
    const again = await bookedAs(orderId, refundId);
    if (again.booked && goesOn(again.booked)) return asItIs(lastPosition(again.payment));
    return failRefund({ refundId, why: taken.refusal.code }, meta);
  };
}

/** Where it was given back, whoever failed it died before that was said. */
const goesOn = ({ isReversed }: Refund): boolean => !isReversed;

async function take(
  dependencies: CommandDependencies,
  refundPayment: BookingParts['refundPayment'],
  { terms }: SentRefund,
  meta: CommandMeta,
): Promise<CommandResult<unknown>> {
  const { order_id: orderId, refund_id: refundId, amount_minor: amountMinor, reason } = terms;
  const order = await loadOrder(dependencies, orderId);
  const payment = await load(dependencies.store, paymentStream(paymentUuidOf(orderId)), paymentDecider);
  const share = order.state && (await refundShare(dependencies, order.state, payment.state));
  if (!share) return { ok: false, refusal: { code: 'payment_not_found' } };
  if (amountMinor > share.leftMinor)
    return { ok: false, refusal: { code: 'refund_exceeds_payment', remainingUsd: share.leftUsd } };
  const amountUsd = usdOfQuota(share.quotaOf(amountMinor));
  return refundPayment({ paymentId: orderId, refundId, amountUsd, reason }, meta);
}
