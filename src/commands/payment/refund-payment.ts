import { paymentDecider } from '../../domain/payment/decide.js';
import { planRefund } from '../../domain/payment/refund.js';
import { paymentStream } from '../../domain/streams.js';
import type { Handler } from '../handling/command.js';
import { handle } from '../handling/handle.js';
import { paymentUuidOf } from '../handling/identifiers.js';
import { load } from '../handling/load.js';
import { lastPosition, planOne, refused } from '../handling/plan.js';
import type { CommandDependencies } from '../handling/ports.js';
import { exceedsBalance, type TakeBack, takeBackHoldId, withReservation } from '../handling/reservation.js';
import type { PaymentCommands } from './commands.js';

/** Takes (part of) a payment back. The quota is held first, so that it cannot be spent meanwhile and no balance goes below zero. */
export function refundPayment(dependencies: CommandDependencies): Handler<PaymentCommands['refundPayment']> {
  return ({ paymentId, refundId, amountUsd, reason }, meta) => {
    const stream = paymentStream(paymentUuidOf(paymentId));
    let holdInForce: string | undefined;
    return withReservation(
      dependencies,
      (reserve) =>
        handle(dependencies, 'refund-payment', meta, async () => {
          const payment = await load(dependencies.store, stream, paymentDecider);
          const refund = planRefund(payment.state, { refundId, amountUsd });
          if (refund.kind === 'refused') return refund;
          const { accountId } = refund.payment;
          const takeBack: TakeBack = {
            kind: 'refund',
            stream,
            reference: JSON.stringify([refundId, refund.amountUsd]),
            accountId,
            quota: refund.quota,
          };
          const holdId = takeBackHoldId(takeBack);
          const decision = paymentDecider.decide(
            { type: 'refund', refundId, amountUsd, holdId, reason, by: meta.actor },
            payment.state,
          );
          if (refund.kind === 'new') {
            const hold = await reserve(takeBack);
            if (!hold.ok) return refused(exceedsBalance('refund_exceeds_balance', hold));
          }
          holdInForce = holdId;
          const { quota, amountUsd: amount, remainingUsd } = refund;
          const index = refund.payment.refunds.findIndex((earlier) => earlier.refundId === refundId);
          const position = payment.positions[index + 1] ?? lastPosition(payment);
          return planOne(
            payment,
            decision,
            { accountId, quota, amountUsd: amount, remainingUsd },
            { position },
          );
        }),
      () => holdInForce,
    );
  };
}
