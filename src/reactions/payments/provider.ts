import type { Sighting } from '../../domain/order/sighting.js';
import type { Checkout } from '../../domain/order/state.js';

/** What a provider must know of an order. */
export interface PayableOrder {
  readonly orderId: string;
  readonly method: string;
  readonly currency: string;
  readonly payMinor: bigint;
  readonly placedAt: Date;
  readonly expiresAt: Date;
  /** What the provider calls its checkout, once there is one. */
  readonly checkoutRef: string | undefined;
}

/** A notification as it came: signatures are of bytes, so nothing is parsed before a provider has seen it. */
export interface RawRequest {
  readonly method: string;
  /** Without `?`. */
  readonly query: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** What a provider wants to hear. */
export interface HttpAnswer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

/** What a notification says, once its signature was found to be good. */
export interface Notification {
  /** Orders that it names. */
  readonly orderIds: readonly string[];
  /** A notification that is a doorbell is answered by asking. Throws ProviderUnavailable. */
  readonly sightings: () => Promise<readonly Sighting[]>;
}

/** The provider cannot be reached, or does not say: nothing is known of the payment. */
export class ProviderUnavailable extends Error {
  override readonly name = 'ProviderUnavailable';
}

/** Money of an order that is to go back. */
export interface RefundedPayment {
  /** The same for the same refund, however often it is asked for: the provider is told it, and gives back once. */
  readonly refundId: string;
  readonly providerPayment: string;
  readonly currency: string;
  readonly amountMinor: bigint;
}

/** What became of a refund. `failed`: it comes to nothing for good; what is not known is no outcome. */
export type RefundOutcome =
  | { readonly state: 'succeeded'; readonly providerRefund: string | null }
  | { readonly state: 'pending' }
  | { readonly state: 'failed'; readonly why: string };

/** How a provider sends money back. Throws ProviderUnavailable where it cannot be told what became of it. */
export interface RefundProvider {
  send(order: PayableOrder, refund: RefundedPayment): Promise<RefundOutcome>;
  /** `none`: it never heard of it. */
  query(order: PayableOrder, refund: RefundedPayment): Promise<RefundOutcome | 'none'>;
}

/**
 * Whoever takes money for us. It says what it saw; what that means is decided behind the one door. Orders keep to the revision of the
 * configuration that they were placed under.
 */
export interface PaymentProvider {
  readonly id: string;
  readonly revision: number;
  /** As the provider calls us: money to anybody else is not for our orders. */
  readonly merchant: string;
  /** How long a checkout may be paid, in milliseconds. */
  readonly checkoutMs: number;
  /** The same order has the same checkout, however often it is opened. Throws ProviderUnavailable. */
  open(order: PayableOrder): Promise<Checkout>;
  /** All that it knows of the order's money. Throws ProviderUnavailable. */
  query(order: PayableOrder): Promise<readonly Sighting[]>;
  readNotification(request: RawRequest): Notification | 'ignored' | 'forged';
  /**
   * What of one is signed, where that is not every byte: it can be written in as many ways as anybody likes, and is one notification all the same.
   */
  signedPart?(request: RawRequest): string;
  /** `stored`: it is durable and not sent again; `later`: it is sent again. */
  acknowledge(outcome: 'stored' | 'forged' | 'later'): HttpAnswer;
  /** The checkout takes no more money. What it took already is seen by `query`. Throws ProviderUnavailable. */
  close?(order: PayableOrder): Promise<void>;
  /** Undefined of one that sends nothing back by itself: an operator does. */
  readonly refunds?: RefundProvider | undefined;
  /** All payments since, also those that name no order (`orderId` empty). Throws ProviderUnavailable. */
  list?(since: Date): Promise<readonly Sighting[]>;
}

/** A way to pay that people choose. */
export interface OfferedMethod {
  readonly method: string;
  readonly providerId: string;
  readonly currencies: readonly string[];
}

/** The providers that there are. */
export interface PaymentProviders {
  /** Undefined for one that is not configured, or not in this revision. The newest where none is named. */
  find(id: string, revision?: number): Promise<PaymentProvider | undefined>;
  /** Every revision of one, the newest first: what was ordered under an older one is notified under that. */
  revisions(id: string): Promise<readonly PaymentProvider[]>;
  /** The newest revision of each. */
  all(): Promise<readonly PaymentProvider[]>;
  /** In the order in which they are shown. @param currencies that have terms */
  offered(currencies: readonly string[]): Promise<readonly OfferedMethod[]>;
}
