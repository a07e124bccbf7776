import type { OrderPrice } from '../../domain/order/price.js';
import type { Sighting } from '../../domain/order/sighting.js';
import type { Checkout, FlagDecision, FlagKind, OrderStatus, SeenBy } from '../../domain/order/state.js';
import type { Command } from '../handling/command.js';

export interface PlaceOrder {
  readonly externalUserId: string;
  /** What was asked for, as it was said: what makes two requests one. */
  readonly asked: {
    readonly method: string;
    readonly currency: string;
    readonly amount?: string;
    readonly plan?: string;
  };
  readonly providerId: string;
  readonly providerRevision: number;
  readonly price: OrderPrice;
  /** A period of it, in the version that the price is of. */
  readonly plan?: { readonly planId: string; readonly version: number } | undefined;
  /** How long it may be paid, in milliseconds. */
  readonly forMs: number;
  readonly openMost: number;
  readonly hourlyMost: number;
}

/** What a provider's checkout of an order is. */
export interface OpenOrder {
  readonly orderId: string;
  readonly checkout: Checkout;
}

export interface ApplySighting {
  readonly sighting: Sighting;
  /** Who saw it; money for an order of another provider does not fit. */
  readonly providerId: string;
  /** Of the provider's configuration, whose keys it was seen with. Undefined where a person found it. */
  readonly providerRevision?: number | undefined;
  /** Whom orders of this provider are paid to. */
  readonly merchant: string;
  readonly seenBy: SeenBy;
  /** Of what was seen, as it came. */
  readonly evidenceSha256: string;
  /** Whether an account is suspended when its payment is disputed. */
  readonly suspends?: boolean | undefined;
}

export interface OfOrder {
  readonly orderId: string;
}

export interface SettleOrderFlag extends OfOrder {
  readonly flagId: string;
  readonly decision: FlagDecision;
  /** Recorded. */
  readonly reason: string;
}

/** Money that is for no order that there is. */
export type FlagStray = Omit<ApplySighting, 'merchant' | 'providerRevision'>;

export interface FlaggedStray {
  readonly flagId: string;
}

export interface SettleStray extends FlaggedStray {
  readonly decision: FlagDecision;
  /** What it is credited for. */
  readonly orderId: string | undefined;
  /** Recorded. */
  readonly reason: string;
}

interface Ordered extends OfOrder {
  readonly accountId: string;
}

/** How an order stands after its money was looked at. */
export interface OrderStanding extends Ordered {
  readonly status: OrderStatus;
  readonly isCredited: boolean;
  /** Flags that nobody has decided. */
  readonly openFlags: readonly FlagKind[];
}

/** Money that is on its way. */
export interface OrderCommands {
  /** Under an idempotency key the same request answers the same order. */
  readonly placeOrder: Command<PlaceOrder, Ordered>;
  readonly openOrder: Command<OpenOrder, Ordered>;
  /** The one door for what was seen of an order's money: whoever saw it. What is paid is credited before this answers. */
  readonly applySighting: Command<ApplySighting, OrderStanding>;
  /** Credits what was paid and is not credited yet, as often as it is asked. */
  readonly creditOrder: Command<OfOrder, OrderStanding>;
  readonly expireOrder: Command<OfOrder, Ordered>;
  readonly cancelOrder: Command<OfOrder, Ordered>;
  /** An operator decides about money that did not fit; what is to be credited is credited before this answers. */
  readonly settleOrderFlag: Command<SettleOrderFlag, OrderStanding>;
  /** Every dispute of the account was won: what a dispute suspended is reinstated. */
  readonly reinstateUndisputed: Command<OfOrder, OfOrder>;
  /** Money came of which nobody knows what it is for: an operator looks. */
  readonly flagStray: Command<FlagStray, FlaggedStray>;
  readonly settleStray: Command<SettleStray, FlaggedStray>;
}
