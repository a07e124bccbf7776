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
  readonly what: 'pending' | 'paid' | 'failed' | 'closed';
}
