/**
 * What can be seen of money. Of `refunded` the amount is all that was given back of the payment so far, and `refund-failed` says of which of it that
 * it did not arrive and came again to us, perhaps days after it was said to be done; `disputed`: the payer's bank took the amount back, and who is
 * right is not decided.
 */
export const sightingKinds = [
  'pending',
  'paid',
  'failed',
  'closed',
  'refunded',
  'refund-failed',
  'disputed',
  'dispute-won',
  'dispute-lost',
] as const;

/** What somebody saw of money at a provider. It is a fact: when and how often it is told makes no difference. */
export interface Sighting {
  readonly orderId: string;
  /** What the provider calls the payment. */
  readonly providerPayment: string;
  /** To whom it was paid, as the provider calls them. */
  readonly merchant: string;
  readonly currency: string;
  readonly amountMinor: bigint;
  /** When it happened, as the provider says. */
  readonly at: Date;
  readonly what: (typeof sightingKinds)[number];
  /** What the provider calls the dispute. */
  readonly disputeId?: string | undefined;
  /** Of a refund that did not arrive: ours, where it was asked for from here, or what the provider calls it. */
  readonly refundId?: string | undefined;
  /** Why it did not: a code of the provider. */
  readonly why?: string | undefined;
}

/** Whether money that came goes back, or comes again. */
export const isReturn = (what: Sighting['what']): boolean =>
  what === 'refunded' ||
  what === 'refund-failed' ||
  what === 'disputed' ||
  what === 'dispute-won' ||
  what === 'dispute-lost';
