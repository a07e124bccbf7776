import { orderDecider } from '../../domain/order/decide.js';
import { paymentDecider } from '../../domain/payment/decide.js';
import { orderStream, paymentStream } from '../../domain/streams.js';
import type { Handler } from '../handling/command.js';
import { handle } from '../handling/handle.js';
import { orderUuidOf, paymentUuidOf } from '../handling/identifiers.js';
import { load } from '../handling/load.js';
import { planOne, refused } from '../handling/plan.js';
import type { CommandDependencies } from '../handling/ports.js';
import type { PaymentCommands } from './commands.js';

/**
 * What was refunded of a front end's own payment came again there, and so the quota does, exactly and once. Of an order its provider is asked, and
 * the order follows what it says: that is not for anybody to tell.
 */
export function reverseRefund(dependencies: CommandDependencies): Handler<PaymentCommands['reverseRefund']> {
  return ({ paymentId, refundId, why }, meta) =>
    handle(dependencies, 'reverse-payment-refund', meta, async () => {
      const order = await load(dependencies.store, orderStream(orderUuidOf(paymentId)), orderDecider);
      if (order.state) return refused({ code: 'refund_of_order' });
      const payment = await load(dependencies.store, paymentStream(paymentUuidOf(paymentId)), paymentDecider);
      const decision = paymentDecider.decide(
        { type: 'reverse', refundId, why, by: meta.actor },
        payment.state,
      );
      const refund = payment.state?.refunds.find((each) => each.refundId === refundId);
      const value = { accountId: payment.state?.accountId ?? '', quota: refund?.quota ?? 0n };
      return planOne(payment, decision, value);
    });
}
