import type { RefundStatus } from '../../domain/refund/state.js';
import type { Command } from '../handling/command.js';

export interface RequestRefund {
  readonly orderId: string;
  /** In minor units of what was paid; undefined: all that is left. */
  readonly amountMinor?: bigint | undefined;
  /** Recorded. */
  readonly reason: string;
}

export interface OfRefund {
  readonly refundId: string;
}

/** How a refund stands at its provider. */
export interface RefundStanding extends OfRefund {
  readonly orderId: string;
  readonly accountId: string;
  readonly status: RefundStatus;
  /** The provider's, that it went back by. */
  readonly providerId: string;
  readonly providerRevision: number;
  readonly providerPayment: string;
  readonly currency: string;
  readonly amountMinor: bigint;
}

export interface EndRefund extends OfRefund {
  /** What the provider calls it, or the reference of a transfer. */
  readonly providerRefund: string | null;
}

export interface FailRefund extends OfRefund {
  /** A code: of a refusal, or of the provider. */
  readonly why: string;
  /** It was said to have gone back, and did not arrive. */
  readonly isTakenBack?: boolean | undefined;
}

/**
 * Refunds at the provider of an order. What the account loses is booked before anybody is asked, so that it cannot be spent meanwhile, and
 * comes again where the provider says that it comes to nothing. Each step may be repeated.
 */
export interface RefundCommands {
  /** Under an idempotency key the same request answers the same refund. */
  readonly requestRefund: Command<RequestRefund, RefundStanding>;
  /** Takes its quota from the account; where that cannot carry it, the refund has failed. */
  readonly bookRefund: Command<OfRefund, RefundStanding>;
  /** Of those who say so at once, one is not told that it had been said before: that one asks the provider. */
  readonly sendRefund: Command<OfRefund, RefundStanding>;
  readonly succeedRefund: Command<EndRefund, RefundStanding>;
  /** What was taken for it comes again first. */
  readonly failRefund: Command<FailRefund, RefundStanding>;
}
