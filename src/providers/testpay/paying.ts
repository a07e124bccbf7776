import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { HttpAnswer, PayableOrder, RawRequest } from '../../reactions/payments/provider.js';
import type { TestBank, TestPayment } from './bank.js';
import { signed } from './signature.js';
import { notificationSchema, SIGNATURE_HEADER, TEST } from './test-provider.js';

/** What can be done on the page of the test provider. `quietly`: nobody is notified, so that asking has to find it. */
export const testActs = ['pay', 'pay-five-times', 'pay-quietly', 'pay-less', 'fail'] as const;
export type TestAct = (typeof testActs)[number];

export interface PayingParts {
  readonly bank: Pick<TestBank, 'add'>;
  readonly secret: Uint8Array;
  /** How notifications get to the ledger. */
  readonly notify: (request: RawRequest) => Promise<HttpAnswer | undefined>;
  readonly now: () => Date;
}

const NOTIFIED: Readonly<Record<TestAct, number>> = {
  pay: 1,
  'pay-five-times': 5,
  'pay-quietly': 0,
  'pay-less': 1,
  fail: 1,
};

/** Somebody pays at the test provider, which notifies as others do: signed, perhaps more than once, perhaps not at all. */
export async function payAtTest(
  { bank, secret, notify, now }: PayingParts,
  { orderId, currency, payMinor }: PayableOrder,
  act: TestAct,
): Promise<void> {
  const at = now();
  const payment: TestPayment = {
    orderId,
    providerPayment: `test_${randomUUID()}`,
    what: act === 'fail' ? 'failed' : 'paid',
    currency,
    amountMinor: act === 'pay-less' ? payMinor - 1n : payMinor,
    at,
  };
  await bank.add(payment);
  const body = Buffer.from(JSON.stringify(z.encode(notificationSchema, notificationOf(payment))));
  const request = (): RawRequest => ({
    method: 'POST',
    query: '',
    headers: { 'content-type': 'application/json', [SIGNATURE_HEADER]: signed(secret, body, now()) },
    body,
  });
  await Promise.all(Array.from({ length: NOTIFIED[act] }, () => notify(request())));
}

const notificationOf = (payment: TestPayment) => ({
  payment_id: payment.providerPayment,
  order_id: payment.orderId,
  merchant: TEST,
  what: payment.what,
  currency: payment.currency,
  amount_minor: payment.amountMinor,
  at: payment.at.toISOString(),
});
