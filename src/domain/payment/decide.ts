import { accept, type Decider, type Decision, refuse, replay } from '../decider.js';
import { formatDecimal, parseDecimal } from '../money/decimal.js';
import { CREDIT_CEILING, quotaOfUsd } from '../money/quota.js';
import { paymentEvents } from './events.js';
import { planRefund, reversalOf } from './refund.js';
import { takeBack, type TakeBackPayment } from './take-back.js';
import { evolvePayment, isTaken, type PaymentEvent, type PaymentState } from './state.js';

/** What a front end says of a payment. */
export interface PaymentTerms {
  /** The natural key of the credit, for ever. */
  readonly paymentId: string;
  /** Decimal text in any spelling: `10`, `10.0` and `10.00` are one amount. */
  readonly amountUsd: string;
  /** Whatever the front end wants to find again, up to 200 code points. No part of what makes two requests one payment: the first stands. */
  readonly note?: string | undefined;
}

export interface CreditPayment extends PaymentTerms {
  readonly type: 'credit';
  readonly accountId: string;
  readonly userId: number;
  /** The account's projected balance in quota. */
  readonly balance: bigint;
  readonly by: string;
}

export interface RefundPayment {
  readonly type: 'refund';
  readonly refundId: string;
  readonly amountUsd?: string | undefined;
  readonly holdId: string;
  readonly reason: string;
  readonly by: string;
}

/** A refund came to nothing at its provider. */
export interface ReverseRefund {
  readonly type: 'reverse';
  readonly refundId: string;
  /** A code. */
  readonly why: string;
  readonly by: string;
}

export type PaymentCommand = CreditPayment | RefundPayment | ReverseRefund | TakeBackPayment;

function decide(command: PaymentCommand, state: PaymentState): Decision<PaymentEvent> {
  switch (command.type) {
    case 'take-back':
      return takeBack(command, state);
    case 'credit':
      return credit(command, state);
    case 'refund':
      return refund(command, state);
    case 'reverse':
      return reverse(command, state);
  }
}

function credit(command: CreditPayment, state: PaymentState): Decision<PaymentEvent> {
  const amount = parseDecimal(command.amountUsd);
  const quota = amount && quotaOfUsd(amount);
  if (!quota || quota <= 0n) return refuse({ code: 'amount_invalid', field: 'amount_usd' });
  const amountUsd = formatDecimal(amount);
  if (state) {
    if (state.accountId !== command.accountId)
      return refuse({ code: 'payment_conflict', field: 'external_user_id' });
    if (state.amountUsd !== amountUsd) return refuse({ code: 'payment_conflict', field: 'amount_usd' });
    return replay();
  }
  if (command.balance + quota > CREDIT_CEILING)
    return refuse({ code: 'balance_ceiling', max: CREDIT_CEILING });
  return accept({
    type: 'payment-credited',
    data: {
      payment_id: command.paymentId,
      account_id: command.accountId,
      user_id: command.userId,
      amount_usd: amountUsd,
      quota,
      by: command.by,
      ...(command.note && { note: command.note }),
    },
  });
}

function refund(command: RefundPayment, state: PaymentState): Decision<PaymentEvent> {
  const plan = planRefund(state, command);
  if (plan.kind === 'refused') return refuse(plan.refusal);
  if (plan.kind === 'replay') return replay();
  return accept({
    type: 'payment-refunded',
    data: {
      payment_id: plan.payment.paymentId,
      refund_id: command.refundId,
      account_id: plan.payment.accountId,
      user_id: plan.payment.userId,
      amount_usd: plan.amountUsd,
      quota: plan.quota,
      hold_id: command.holdId,
      reason: command.reason,
      by: command.by,
    },
  });
}

/** Exactly what was taken comes again, once. */
function reverse({ refundId, why, by }: ReverseRefund, state: PaymentState): Decision<PaymentEvent> {
  if (!state) return refuse({ code: 'payment_not_found' });
  const booked = state.refunds.find((each) => each.refundId === refundId);
  if (!booked) return refuse({ code: 'refund_not_found' });
  if (booked.isReversed) return replay();
  if (isTaken(state, reversalOf(refundId))) return refuse({ code: 'refund_conflict', field: 'refund_id' });
  const { paymentId: payment_id, accountId: account_id, userId: user_id } = state;
  const { amountUsd: amount_usd, quota } = booked;
  return accept({
    type: 'payment-refund-reversed',
    data: { payment_id, refund_id: refundId, account_id, user_id, amount_usd, quota, why, by },
  });
}

export const paymentDecider: Decider<PaymentState, PaymentCommand, PaymentEvent> = {
  initialState: () => undefined,
  evolve: evolvePayment,
  decide,
  events: paymentEvents,
};
