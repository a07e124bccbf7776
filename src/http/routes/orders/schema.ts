import { z } from 'zod';
import { amountText } from '../../../domain/money/currency.js';
import { decimal } from '../../../domain/money/decimal.js';
import { quotaOfUsd } from '../../../domain/money/quota.js';
import type { BilledStatus, OrderView } from '../../../projections/order/view.js';
import { seconds } from '../../present.js';

const amount = z.string().meta({ description: 'in units of the currency, with all its places' });

const flagKinds = [
  'amount',
  'currency',
  'merchant',
  'second-payment',
  'uncreditable',
  'unconfirmed',
  'refund-failed',
] as const;
export const flagKind = z.enum(flagKinds).meta({
  description:
    'what does not fit: `uncreditable` is whole, and cannot be credited to the account; `unconfirmed` waits for a second operator; of `refund-failed` money that was given back did not arrive',
});

export const stage = z
  .enum(['placed', 'opened', 'paid', 'credited', 'expired', 'cancelled', 'failed'])
  .meta({ description: 'how far it has come; money that comes after it is over is credited all the same' });

const price = {
  list_amount: amount,
  discount_amount: amount,
  fee_amount: amount.meta({ description: 'what the payer pays for the provider’s; it buys nothing' }),
  pay_amount: amount.meta({ description: 'what is to be paid: list - discount + fee' }),
  credit_usd: z.string().meta({ description: 'exact dollars of `quota`' }),
  quota: z.int(),
  bonus_quota: z
    .int()
    .meta({ description: 'given beside it, and withdrawn with what goes back of the payment' }),
};

export const orderData = z
  .object({
    order_id: z.string(),
    status: z
      .enum(['pending', 'completed', 'cancelled', 'failed'])
      .meta({ description: 'in the words of the bill' }),
    stage,
    plan: z
      .object({ plan_id: z.string(), name: z.string() })
      .nullable()
      .meta({ description: 'what a period of is bought; null of a top-up' }),
    method: z.string(),
    provider_id: z.string(),
    currency: z.string(),
    ...price,
    rate: z.string().meta({ description: 'units of the currency for a dollar' }),
    checkout: z
      .object({
        url: z.string().nullable().meta({ description: 'where to pay' }),
        qr: z.string().nullable().meta({ description: 'the text of a code to be scanned' }),
        instructions: z
          .string()
          .nullable()
          .meta({ description: 'what to do; the order id is the reference' }),
      })
      .nullable()
      .meta({ description: 'null before there is one, and when the order is over' }),
    created_at: z.int().meta({ description: 'unix seconds' }),
    expires_at: z.int(),
    paid_at: z.int().nullable().meta({ description: 'as the provider says' }),
    credited_at: z.int().nullable(),
    balance_after: z.int().nullable().meta({ description: 'quota right after the credit' }),
    flags: z
      .array(z.object({ kind: flagKind, open: z.boolean() }))
      .meta({ description: 'money that came and does not fit: an operator looks at it' }),
    can_cancel: z.boolean(),
    can_check: z.boolean(),
  })
  .meta({ id: 'Order' });

const quote = z.object({ amount, ...price });

export const optionsData = z
  .object({
    preset_basis: z
      .enum(['pay', 'credit'])
      .meta({ description: 'whether an amount is what is paid, without the fee, or what is credited' }),
    open_most: z.int().meta({ description: 'orders that may be open at once' }),
    hourly_most: z.int(),
    methods: z
      .array(z.object({ method: z.string(), provider_id: z.string(), currencies: z.array(z.string()) }))
      .meta({ description: 'none: nobody can pay here yet' }),
    currencies: z.array(
      z.object({
        currency: z.string(),
        decimals: z.int(),
        rate: z.string(),
        min: amount,
        max: amount,
        presets: z.array(quote),
      }),
    ),
    quote: quote.nullable().meta({ description: 'of the amount that was asked for' }),
    takes_codes: z.boolean().meta({ description: 'whether there are codes that could be redeemed' }),
  })
  .meta({ id: 'TopupOptions' });

const examplePrice = {
  list_amount: '500.00',
  discount_amount: '0.00',
  fee_amount: '0.00',
  pay_amount: '500.00',
  credit_usd: '70.422536',
  quota: 35211268,
  bonus_quota: 0,
};

export const exampleQuote = { amount: '500.00', ...examplePrice };

export const exampleOrder = {
  order_id: 'CF01KB3XQ5T7VJ2M8N4P6R9S0TWY',
  status: 'pending',
  stage: 'opened',
  plan: null,
  method: 'test',
  provider_id: 'test',
  currency: 'CNY',
  ...examplePrice,
  rate: '7.10',
  checkout: {
    url: 'http://127.0.0.1:3000/api/payments/test/CF01KB3XQ5T7VJ2M8N4P6R9S0TWY',
    qr: null,
    instructions: null,
  },
  created_at: 1795219200,
  expires_at: 1795221000,
  paid_at: null,
  credited_at: null,
  balance_after: null,
  flags: [],
  can_cancel: true,
  can_check: true,
};

export function presentOrder(order: OrderView) {
  const { currency, checkout, credited, paid, stage: reached } = order;
  const text = (minor: bigint) => amountText(minor, currency);
  const isOpen = reached === 'placed' || reached === 'opened';
  return {
    order_id: order.orderId,
    status: statusOf(order),
    stage: reached,
    plan: order.plan ? { plan_id: order.plan.planId, name: order.plan.name } : null,
    method: order.method,
    provider_id: order.providerId,
    currency,
    list_amount: text(order.listMinor),
    discount_amount: text(order.discountMinor),
    fee_amount: text(order.feeMinor),
    pay_amount: text(order.payMinor),
    credit_usd: order.creditUsd,
    quota: quotaOfUsd(decimal(order.creditUsd)),
    bonus_quota: order.bonusQuota,
    rate: order.rate,
    checkout:
      isOpen && checkout ? { url: checkout.url, qr: checkout.qr, instructions: checkout.instructions } : null,
    created_at: seconds(order.placedAt),
    expires_at: seconds(order.expiresAt),
    paid_at: paid ? seconds(paid.at) : null,
    credited_at: credited ? seconds(credited.at) : null,
    balance_after: credited ? credited.balanceAfter : null,
    flags: order.flags.map(({ kind, decision }) => ({ kind, open: decision === null })),
    can_cancel: isOpen,
    can_check: !credited,
  };
}

export function statusOf({ stage: reached, flags }: OrderView): BilledStatus {
  if (reached === 'credited') return 'completed';
  if (reached === 'failed' || flags.some(({ decision }) => decision === null)) return 'failed';
  return reached === 'expired' || reached === 'cancelled' ? 'cancelled' : 'pending';
}
