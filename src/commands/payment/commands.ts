import type { Command } from '../handling/command.js';

export interface CreditPayment {
  readonly externalUserId: string;
  /** Exact decimal text. */
  readonly amountUsd: string;
  /** The natural key of the credit, for ever. */
  readonly paymentId: string;
}

export interface RefundPayment {
  readonly paymentId: string;
  readonly refundId: string;
  /** Exact decimal text; undefined: all that is left. */
  readonly amountUsd?: string | undefined;
  /** Recorded. */
  readonly reason: string;
}

interface Credited {
  readonly accountId: string;
  readonly quota: bigint;
}

/** Money that comes in, and goes back. */
export interface PaymentCommands {
  readonly creditPayment: Command<CreditPayment, Credited>;
  readonly refundPayment: Command<
    RefundPayment,
    Credited & { readonly amountUsd: string; readonly remainingUsd: string }
  >;
}
