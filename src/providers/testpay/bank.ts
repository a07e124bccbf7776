import type { Sighting } from '../../domain/order/sighting.js';

/** A payment at the test provider. */
export type TestPayment = Omit<Sighting, 'merchant'>;

/** Where the test provider keeps what it was paid. */
export interface TestBank {
  add(payment: TestPayment): Promise<void>;
  /** Of an order, the oldest first. */
  of(orderId: string): Promise<readonly TestPayment[]>;
  /** Of everybody, the oldest first. */
  since(since: Date): Promise<readonly TestPayment[]>;
}
