import type { Sighting } from '../../domain/order/sighting.js';

/** A payment at the test provider. */
export type TestPayment = Omit<Sighting, 'merchant'>;

/** What it gave back of a payment. */
export interface TestRefund {
  readonly refundId: string;
  readonly orderId: string;
  readonly providerPayment: string;
  readonly currency: string;
  readonly amountMinor: bigint;
  readonly at: Date;
}

/** Where the test provider keeps what it was paid. */
export interface TestBank {
  add(payment: TestPayment): Promise<void>;
  /** Once, however often it is asked for. */
  giveBack(refund: TestRefund): Promise<void>;
  refundsOf(orderId: string): Promise<readonly TestRefund[]>;
  /** Of an order, the oldest first; what was given back of a payment is one sighting of all of it. */
  of(orderId: string): Promise<readonly TestPayment[]>;
  /** Of everybody, the oldest first. */
  since(since: Date): Promise<readonly TestPayment[]>;
}
