import { z } from 'zod';
import type { Sighting } from '../../domain/order/sighting.js';
import { codeWord } from '../asking/code-word.js';

const chargeSchema = z.object({
  id: z.string(),
  created: z.int(),
  amount_refunded: z.int().default(0),
  disputed: z.boolean().default(false),
});
export type StripeCharge = z.output<typeof chargeSchema>;

export const disputeSchema = z.object({
  id: z.string(),
  status: z.string(),
  amount: z.int(),
  created: z.int(),
});
export type StripeDispute = z.output<typeof disputeSchema>;

export const refundSchema = z.object({
  id: z.string(),
  status: z.string(),
  amount: z.int(),
  created: z.int(),
  failure_reason: codeWord.nullish(),
  metadata: z.record(z.string(), z.string()).nullish(),
});
export type StripeRefund = z.output<typeof refundSchema>;

const intent = z.object({
  id: z.string(),
  status: z.string(),
  latest_charge: z.union([chargeSchema, z.string()]).nullish(),
});

/** Of a Checkout Session, what matters. */
export const sessionSchema = z.object({
  id: z.string(),
  url: z.string().nullish(),
  client_reference_id: z.string().nullish(),
  metadata: z.record(z.string(), z.string()).nullish(),
  status: z.enum(['open', 'complete', 'expired']).nullish(),
  payment_status: z.enum(['paid', 'unpaid', 'no_payment_required']),
  amount_total: z.int().nullish(),
  currency: z.string().nullish(),
  livemode: z.boolean(),
  created: z.int(),
  payment_intent: z.union([intent, z.string()]).nullish(),
});
export type StripeSession = z.output<typeof sessionSchema>;

export const EXPAND_INTENT = 'payment_intent.latest_charge';

/** What the money of a session was taken by; undefined while nobody paid. */
export function chargeOf({ payment_intent: paid }: StripeSession): StripeCharge | undefined {
  const charge = typeof paid === 'object' ? paid?.latest_charge : undefined;
  return typeof charge === 'object' && charge !== null ? charge : undefined;
}

// Of these Stripe wants two places all the same.
const WITH_PLACES_AT_STRIPE = new Set(['ISK', 'UGX']);

export const stripeAmount = (minor: bigint, currency: string): string =>
  (WITH_PLACES_AT_STRIPE.has(currency) ? minor * 100n : minor).toString();

/** What is not a whole minor unit is no amount of ours, and equals none. */
const minorOf = (amount: number, currency: string): bigint => {
  const said = BigInt(amount);
  if (!WITH_PLACES_AT_STRIPE.has(currency)) return said;
  return said % 100n === 0n ? said / 100n : said;
};

/** What a session says of money: nothing while nobody has paid. */
export function sightingsOf(session: StripeSession, merchant: string): readonly Sighting[] {
  const what = whatOf(session);
  if (what === undefined) return [];
  const currency = (session.currency ?? '').toUpperCase();
  const { payment_intent: paid } = session;
  const providerPayment = (typeof paid === 'string' ? paid : paid?.id) ?? session.id;
  return [
    {
      orderId: session.client_reference_id ?? '',
      providerPayment,
      merchant,
      currency,
      amountMinor: minorOf(session.amount_total ?? 0, currency),
      at: paidAt(session),
      what,
    },
  ];
}

function whatOf({ status, payment_status, payment_intent }: StripeSession): Sighting['what'] | undefined {
  if (payment_status === 'paid') return 'paid';
  if (status === 'expired') return 'closed';
  // A free session is none of ours: there is nothing that is worth nothing.
  if (status !== 'complete' || payment_status === 'no_payment_required') return undefined;
  const isOver =
    typeof payment_intent === 'object' &&
    (payment_intent?.status === 'requires_payment_method' || payment_intent?.status === 'canceled');
  // Methods that take days: completed, and not paid yet.
  return isOver ? 'failed' : 'pending';
}

const paidAt = (session: StripeSession): Date =>
  new Date((chargeOf(session)?.created ?? session.created) * 1_000);

export interface Returned {
  readonly refunds: readonly StripeRefund[];
  readonly disputes: readonly StripeDispute[];
}

/**
 * What went back of a session's money, after what was paid: all that was ever refunded, which of that did not arrive, and each dispute that took
 * money. What was refunded is added up over the refunds: of one that failed days later it is not documented what `amount_refunded` says then.
 */
export function returnsOf(
  paid: Sighting,
  { amount_refunded }: StripeCharge,
  { refunds, disputes }: Returned,
): readonly Sighting[] {
  const all = Math.max(
    amount_refunded,
    refunds.reduce((sum, { amount }) => sum + amount, 0),
  );
  const of = (amount: number) => ({ ...paid, amountMinor: minorOf(amount, paid.currency) });
  const refunded = all > 0 ? [{ ...of(all), what: 'refunded' as const }] : [];
  const failed = refunds.filter(hasFailed).map((refund) => ({
    ...of(refund.amount),
    ...{ what: 'refund-failed' as const, at: new Date(refund.created * 1_000) },
    ...{ refundId: refund.metadata?.['refund_id'] ?? refund.id, why: refund.failure_reason ?? refund.status },
  }));
  return [...refunded, ...failed, ...disputes.flatMap((dispute) => disputeOf(paid, dispute))];
}

/** Both are ends: what is cancelled comes again to us too. */
export const hasFailed = ({ status }: Pick<StripeRefund, 'status'>): boolean =>
  status === 'failed' || status === 'canceled';

/** An inquiry (`warning_…`) takes nothing. */
function disputeOf(paid: Sighting, { id, status, amount, created }: StripeDispute): readonly Sighting[] {
  if (status.startsWith('warning_') || status === 'prevented') return [];
  const seen = {
    ...paid,
    disputeId: id,
    amountMinor: minorOf(amount, paid.currency),
    at: new Date(created * 1_000),
  };
  const opened = { ...seen, what: 'disputed' as const };
  if (status === 'won') return [opened, { ...seen, what: 'dispute-won' }];
  return status === 'lost' ? [opened, { ...seen, what: 'dispute-lost' }] : [opened];
}
