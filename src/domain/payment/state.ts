import type { EventIn } from '../stored/event-in.js';
import { add, decimal, negate, ZERO, type Decimal } from '../money/decimal.js';
import type { paymentEvents } from './events.js';

export type PaymentEvent = EventIn<typeof paymentEvents>;

export interface Refund {
  readonly refundId: string;
  readonly amountUsd: string;
  readonly quota: bigint;
  /** What of the payment was left after this refund. */
  readonly refundedUsdAfter: Decimal;
  /** It came to nothing at its provider. */
  readonly isReversed: boolean;
}

export interface Payment {
  readonly paymentId: string;
  readonly accountId: string;
  readonly userId: number;
  /** Canonical decimal text. */
  readonly amountUsd: string;
  readonly quota: bigint;
  readonly refunds: readonly Refund[];
  readonly refundedUsd: Decimal;
  readonly refundedQuota: bigint;
  /** What followed money that went back at the provider. */
  readonly takenBack: { readonly refund: bigint; readonly dispute: bigint; readonly times: number };
}

/** Undefined before the credit. */
export type PaymentState = Payment | undefined;

export function evolvePayment(state: PaymentState, event: PaymentEvent): PaymentState {
  switch (event.type) {
    case 'payment-credited':
      return {
        paymentId: event.data.payment_id,
        accountId: event.data.account_id,
        userId: event.data.user_id,
        amountUsd: event.data.amount_usd,
        quota: event.data.quota,
        refunds: [],
        refundedUsd: ZERO,
        refundedQuota: 0n,
        takenBack: { refund: 0n, dispute: 0n, times: 0 },
      };
    case 'payment-taken-back': {
      if (!state) throw new Error('a payment is taken back that was never credited');
      const { kind, quota } = event.data;
      const { takenBack } = state;
      return {
        ...state,
        takenBack: { ...takenBack, [kind]: takenBack[kind] + quota, times: takenBack.times + 1 },
      };
    }
    case 'payment-refunded': {
      if (!state) throw new Error('a refund comes before its payment');
      const { refund_id: refundId, amount_usd: amountUsd, quota } = event.data;
      const refundedUsd = add(state.refundedUsd, decimal(amountUsd));
      const refund = { refundId, amountUsd, quota, refundedUsdAfter: refundedUsd, isReversed: false };
      return {
        ...state,
        refunds: [...state.refunds, refund],
        refundedUsd,
        refundedQuota: state.refundedQuota + quota,
      };
    }
    case 'payment-refund-reversed': {
      if (!state) throw new Error('a refund is reversed that never was');
      const { refund_id: refundId, amount_usd: amountUsd, quota } = event.data;
      return {
        ...state,
        refunds: state.refunds.map((each) =>
          each.refundId === refundId ? { ...each, isReversed: true } : each,
        ),
        refundedUsd: add(state.refundedUsd, negate(decimal(amountUsd))),
        refundedQuota: state.refundedQuota - quota,
      };
    }
  }
}
