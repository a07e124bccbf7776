import type { EventIn } from '../stored/event-in.js';
import { add, decimal, formatDecimal, negate, ZERO, type Decimal } from '../money/decimal.js';
import { usdOfQuota } from '../money/quota.js';
import type { paymentEvents } from './events.js';

export type PaymentEvent = EventIn<typeof paymentEvents>;

export interface Refund {
  readonly refundId: string;
  readonly amountUsd: string;
  readonly quota: bigint;
  /** Which event of the payment it is; the credit is the first, 0. */
  readonly place: number;
  /** What of the payment was left after this refund: decimal text. */
  readonly remainingUsd: string;
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
      const reversed = state.refunds.filter(({ isReversed }) => isReversed).length;
      const refund = {
        ...{ refundId, amountUsd, quota, isReversed: false },
        remainingUsd: formatDecimal(remaining(state, refundedUsd)),
        place: 1 + state.refunds.length + reversed + state.takenBack.times,
      };
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

/** Whether a refund of the payment was begun under the id: since 2026-12 none is that could be another row's. */
export const isTaken = ({ refunds }: Payment, id: string): boolean =>
  refunds.some(({ refundId }) => refundId === id);

/** What its provider gave back is not there to be given back again. @param refunded of the payment, from here */
export const remaining = (
  { amountUsd, takenBack }: Pick<Payment, 'amountUsd' | 'takenBack'>,
  refunded: Decimal,
): Decimal =>
  add(
    add(decimal(amountUsd), negate(refunded)),
    negate(decimal(usdOfQuota(takenBack.refund + takenBack.dispute))),
  );
