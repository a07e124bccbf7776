import { paymentDecider } from '../../domain/payment/decide.js';
import { planRefund } from '../../domain/payment/refund.js';
import type { PaymentState } from '../../domain/payment/state.js';
import { paymentStream } from '../../domain/streams.js';
import { type Backoff, backOff } from '../../support/backoff.js';
import type { PersonalDataVault } from '../../support/personal-data-vault.js';
import type { CommandMeta, Handler } from '../handling/command.js';
import { handle } from '../handling/handle.js';
import { paymentUuidOf } from '../handling/identifiers.js';
import { load, type Loaded } from '../handling/load.js';
import { lastPosition, type Plan, planOne, refused } from '../handling/plan.js';
import type { CommandDependencies } from '../handling/ports.js';
import {
  exceedsBalance,
  type Reserve,
  type TakeBack,
  takeBackHoldId,
  withReservation,
} from '../handling/reservation.js';
import type { PaymentCommands, Refunded, RefundPayment } from './commands.js';

/** Refunds of one payment that race hold what the others ask for: so long, some 300 ms in all, the others are waited for. */
const WHILE_RACING: Backoff & { readonly attempts: number } = {
  baseDelayMs: 10,
  maxDelayMs: 100,
  attempts: 8,
};

/**
 * Takes (part of) a payment back. The quota is held first, so that it cannot be spent meanwhile and no balance goes below zero.
 *
 * @param seal of the reason; one that comes out of another event is sealed already
 */
export function refundPayment(
  dependencies: CommandDependencies,
  seal: PersonalDataVault['sealText'] = (accountId, text) => dependencies.vault.sealText(accountId, text),
): Handler<PaymentCommands['refundPayment']> {
  return (input, meta) => {
    const stream = paymentStream(paymentUuidOf(input.paymentId));
    let holdInForce: string | undefined;
    return withReservation(
      dependencies,
      (reserve) =>
        handle(dependencies, 'refund-payment', meta, async () => {
          for (let attempt = 0; ; attempt++) {
            const payment = await load(dependencies.store, stream, paymentDecider);
            const planned = await planOf(seal, payment, input, meta, reserve);
            holdInForce = planned.holdId;
            // A balance that cannot carry it may be short because of another refund that is being written: then there is a better answer.
            if (!isShort(planned.plan) || attempt >= WHILE_RACING.attempts) return planned.plan;
            await backOff(WHILE_RACING, attempt);
          }
        }),
      () => holdInForce,
    );
  };
}

const isShort = (plan: Plan<Refunded>): boolean =>
  plan.kind === 'refused' && plan.refusal.code === 'refund_exceeds_balance';

async function planOf(
  seal: PersonalDataVault['sealText'],
  payment: Loaded<PaymentState>,
  { refundId, amountUsd, reason }: RefundPayment,
  meta: CommandMeta,
  reserve: Reserve,
): Promise<{ readonly plan: Plan<Refunded>; readonly holdId?: string }> {
  const refund = planRefund(payment.state, { refundId, amountUsd });
  if (refund.kind === 'refused') return { plan: refund };
  const { accountId, refunds } = refund.payment;
  const { quota, amountUsd: amount, remainingUsd } = refund;
  const takeBack: TakeBack = {
    kind: 'refund',
    stream: payment.stream,
    reference: JSON.stringify([refundId, amount]),
    accountId,
    quota,
    creditedAt: lastPosition(payment),
  };
  const holdId = takeBackHoldId(takeBack);
  if (refund.kind === 'new') {
    const hold = await reserve(takeBack);
    if (!hold.ok) return { plan: refused(exceedsBalance('refund_exceeds_balance', hold)) };
  }
  const decision = paymentDecider.decide(
    {
      type: 'refund',
      refundId,
      amountUsd,
      holdId,
      reason: await seal(accountId, reason),
      by: meta.actor,
    },
    payment.state,
  );
  const earlier = refunds.find((each) => each.refundId === refundId);
  const position = (earlier && payment.positions[earlier.place]) ?? lastPosition(payment);
  const value = { accountId, quota, amountUsd: amount, remainingUsd };
  return { plan: planOne(payment, decision, value, { position }), holdId };
}
