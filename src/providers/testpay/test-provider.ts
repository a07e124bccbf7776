import { z } from 'zod';
import { type Sighting, sightingKinds } from '../../domain/order/sighting.js';
import { currencyField, instantField, minorField } from '../../domain/stored/fields.js';
import type { HttpAnswer, PaymentProvider, RefundProvider } from '../../reactions/payments/provider.js';
import type { TestBank } from './bank.js';
import { isSigned } from './signature.js';

export const TEST = 'test';
export const SIGNATURE_HEADER = 'x-test-signature';
const MINUTES_30 = 30 * 60_000;

/** What a notification of the test provider says. */
export const notificationSchema = z.object({
  payment_id: z.string().min(1).max(200),
  order_id: z.string().min(1).max(64),
  merchant: z.string().min(1).max(200),
  what: z.enum(sightingKinds),
  currency: currencyField,
  amount_minor: minorField,
  at: instantField,
});

export interface TestProviderParts {
  readonly bank: Pick<TestBank, 'of' | 'since' | 'giveBack' | 'refundsOf'>;
  readonly secret: Uint8Array;
  /** Where the service is reached. */
  readonly baseUrl: () => string;
  readonly now: () => Date;
}

/** Takes no money: whoever has an order says what became of it. Never where accounts are worth something. */
export function createTestProvider({ bank, secret, baseUrl, now }: TestProviderParts): PaymentProvider {
  return {
    id: TEST,
    revision: 1,
    merchant: TEST,
    checkoutMs: MINUTES_30,
    open: ({ orderId }) =>
      Promise.resolve({ ref: `test_${orderId}`, url: `${baseUrl()}/api/payments/test/${orderId}` }),
    query: async ({ orderId }) => (await bank.of(orderId)).map((payment) => ({ ...payment, merchant: TEST })),
    list: async (since) => (await bank.since(since)).map((payment) => ({ ...payment, merchant: TEST })),
    readNotification: ({ headers, body }) => {
      if (!isSigned(secret, body, headers[SIGNATURE_HEADER], now())) return 'forged';
      const said = notificationSchema.safeParse(jsonOf(body));
      if (!said.success) return 'ignored';
      const sighting = sightingOf(said.data);
      return { orderIds: [sighting.orderId], sightings: () => Promise.resolve([sighting]) };
    },
    acknowledge: (outcome) => ANSWERS[outcome],
    refunds: testRefunds(bank, now),
  };
}

/** It gives back what it was paid, and no more. */
const testRefunds = (
  bank: Pick<TestBank, 'of' | 'giveBack' | 'refundsOf'>,
  now: () => Date,
): RefundProvider => ({
  send: async ({ orderId }, refund) => {
    const { refundId, providerPayment, amountMinor } = refund;
    const given = await bank.refundsOf(orderId);
    if (given.some((each) => each.refundId === refundId))
      return { state: 'succeeded', providerRefund: refundId };
    const ofPayment = given.filter((each) => each.providerPayment === providerPayment);
    const paid = (await bank.of(orderId)).find(
      (each) => each.what === 'paid' && each.providerPayment === providerPayment,
    );
    const left = (paid?.amountMinor ?? 0n) - ofPayment.reduce((sum, each) => sum + each.amountMinor, 0n);
    if (amountMinor > left) return { state: 'failed', why: 'exceeds_payment' };
    await bank.giveBack({ ...refund, orderId, at: now() });
    return { state: 'succeeded', providerRefund: refundId };
  },
  query: async ({ orderId }, { refundId }) =>
    (await bank.refundsOf(orderId)).some((each) => each.refundId === refundId)
      ? { state: 'succeeded', providerRefund: refundId }
      : 'none',
});

const ANSWERS: Readonly<Record<'stored' | 'forged' | 'later', HttpAnswer>> = {
  stored: { status: 200, type: 'text/plain', body: 'success' },
  forged: { status: 400, type: 'text/plain', body: 'the signature does not fit' },
  later: { status: 503, type: 'text/plain', body: 'fail' },
};

function jsonOf(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}

const sightingOf = (said: z.output<typeof notificationSchema>): Sighting => ({
  orderId: said.order_id,
  providerPayment: said.payment_id,
  merchant: said.merchant,
  currency: said.currency,
  amountMinor: said.amount_minor,
  at: new Date(said.at),
  what: said.what,
});
