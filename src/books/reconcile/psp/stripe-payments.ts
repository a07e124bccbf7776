import { z } from 'zod';
import { add, type Decimal, ZERO } from '../../../domain/money/decimal.js';
import { amount, currency, idOrNone, orEmpty, text, time } from '../tabular/cells.js';
import { type Layout, magnitudeOf, type ProviderRecord, usableIds } from './provider-record.js';

/** Money moved. A refunded or disputed payment was paid before. */
const paid = new Set([
  'paid',
  'succeeded',
  'refunded',
  'partially refunded',
  'partial refund',
  'refund pending',
  'disputed',
  'needs response',
  'under review',
  'won',
  'lost',
]);
const unpaid = /^(failed|blocked|cancell?ed|incomplete|expired|uncaptured|pending|processing|requires.*)$/;

/** A dispute in these states holds the money, or has taken it. */
const disputed = /^(needs.response|under.review|lost)$/i;
/** In these it does not: an inquiry, one that was won, one of a payment that was refunded instead. */
const undisputed = /^(warning.*|won|charge.refunded|prevented)$/i;

/** Payments > Export. It has no refund ids: what was refunded of a payment is one sum, and what was disputed belongs to it. */
export const stripePayments = (): Layout => ({
  title: 'Stripe payments export',
  columns: {
    id: ['id'],
    created: ['Created date (UTC)', 'Created (UTC)'],
    amount: ['Amount'],
    refunded: ['Amount Refunded'],
    refundedAt: ['Refunded date (UTC)', 'Refunded (UTC)'],
    currency: ['Currency'],
    status: ['Status'],
    captured: ['Captured'],
    mode: ['Mode'],
    paymentIntent: ['PaymentIntent ID'],
    disputedAmount: ['Disputed Amount'],
    disputeStatus: ['Dispute Status'],
    disputedAt: ['Dispute Date (UTC)'],
  },
  required: ['id', 'created', 'amount', 'refunded', 'currency', 'status'],
  schema: z
    .object({
      id: idOrNone,
      created: time('utc'),
      amount,
      refunded: orEmpty(amount),
      refundedAt: orEmpty(time('utc')).optional(),
      currency,
      status: text
        .transform((value) => value.toLowerCase())
        .refine((value) => paid.has(value) || unpaid.test(value), 'is not known'),
      captured: text.optional(),
      mode: text.optional(),
      paymentIntent: idOrNone.optional(),
      disputedAmount: orEmpty(amount).optional(),
      disputeStatus: orEmpty(text).optional(),
      disputedAt: orEmpty(time('utc')).optional(),
    })
    .transform((row): readonly ProviderRecord[] => {
      const moved =
        paid.has(row.status) && !/^false$/i.test(row.captured ?? '') && !/^test$/i.test(row.mode ?? '');
      if (!moved) return [];
      const { currency: paidIn, created } = row;
      const common = { paymentIds: usableIds(row.paymentIntent, row.id), refundIds: [], currency: paidIn };
      const payment = { ...common, kind: 'payment', amount: row.amount, at: created } as const;
      return [
        payment,
        ...takenBack(row).map((back) => ({
          ...common,
          ...back,
          at: back.at ?? created,
          ...(back.at ? {} : { isUndated: true }),
        })),
      ];
    }),
});

interface Back {
  readonly status: string;
  readonly amount: Decimal;
  readonly refunded: Decimal | null;
  readonly refundedAt?: Date | null | undefined;
  readonly disputedAmount?: Decimal | null | undefined;
  readonly disputeStatus?: string | null | undefined;
  readonly disputedAt?: Date | null | undefined;
}
type Taken = Pick<ProviderRecord, 'kind' | 'amount' | 'note'> & { readonly at: Date | null | undefined };

/** What went back of a payment: one sum of refunds and of a dispute that was lost or goes on; and what nobody can tell. */
function takenBack(row: Back): readonly Taken[] {
  const refunded = magnitudeOf(row.refunded ?? ZERO);
  const isDisputed = disputed.test(row.disputeStatus ?? row.status);
  const dispute = isDisputed ? magnitudeOf(row.disputedAmount ?? row.amount) : ZERO;
  const sum = add(refunded, dispute);
  const taken: Taken = {
    kind: 'refund',
    amount: sum,
    at: latest(row.refundedAt, isDisputed ? row.disputedAt : undefined),
    ...(isDisputed ? { note: `disputed (${row.disputeStatus ?? row.status})` } : {}),
  };
  const back = sum.unscaled === 0n ? [] : [taken];
  return hasUnknownDispute(row) ? [...back, unknownDispute(row)] : back;
}

/** The sum is whole when the last part of it has gone back. */
const latest = (one: Date | null | undefined, other: Date | null | undefined): Date | undefined =>
  one && other ? (one > other ? one : other) : (one ?? other ?? undefined);

function hasUnknownDispute({ status, disputeStatus, disputedAmount }: Back): boolean {
  const isKnown = (said: string) => disputed.test(said) || undisputed.test(said);
  if (typeof disputeStatus === 'string') return !isKnown(disputeStatus);
  const isDisputed = status === 'disputed' || magnitudeOf(disputedAmount ?? ZERO).unscaled !== 0n;
  return isDisputed && !isKnown(status);
}

function unknownDispute({ disputeStatus, disputedAmount, amount: whole, disputedAt }: Back): Taken {
  const said =
    typeof disputeStatus === 'string'
      ? `Dispute Status ${disputeStatus} is not known`
      : 'it is disputed, and the file does not say how the dispute stands (Dispute Status)';
  return { kind: 'unknown', amount: magnitudeOf(disputedAmount ?? whole), at: disputedAt, note: said };
}
