import type { PaymentTerms } from '../../domain/payment/decide.js';
import type { Command } from '../handling/command.js';

export interface CreditPayment extends PaymentTerms {
  readonly externalUserId: string;
}

export interface RefundPayment {
  readonly paymentId: string;
  readonly refundId: string;
  /** Exact decimal text; undefined: all that is left. */
  readonly amountUsd?: string | undefined;
  /** Recorded. */
  readonly reason: string;
}

/** Why what was refunded came again. */
export const reversalReasons = ['dispute_won', 'refund_failed', 'payment_arrived'] as const;

export interface ReverseRefund {
  readonly paymentId: string;
  readonly refundId: string;
  /** Recorded. */
  readonly why: (typeof reversalReasons)[number];
}

export interface Credited {
  readonly accountId: string;
  readonly quota: bigint;
}

export interface Refunded extends Credited {
  readonly amountUsd: string;
  /** What can still be given back of the payment. */
  readonly remainingUsd: string;
}

/** Money that comes in, and goes back. */
export interface PaymentCommands {
  readonly creditPayment: Command<CreditPayment, Credited>;
  readonly refundPayment: Command<RefundPayment, Refunded>;
  /** Of a payment that is no order's: what a refund took comes again, once. */
  readonly reverseRefund: Command<ReverseRefund, Credited>;
}
