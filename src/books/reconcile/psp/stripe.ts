import { z } from 'zod';
import { ZERO } from '../../../domain/money/decimal.js';
import { amount, currency, idOrNone, orEmpty, text, time } from '../tabular/cells.js';
import { type Layout, magnitudeOf, type ProviderRecord, usableIds } from './provider-record.js';

/** What a reporting category is to us; all others (fees, payouts, reserves, transfers) move no money of a customer. */
const categories: Readonly<Record<string, ProviderRecord['kind']>> = {
  charge: 'payment',
  refund: 'refund',
  dispute: 'refund',
  partial_capture_reversal: 'refund',
  refund_failure: 'reversal',
  dispute_reversal: 'reversal',
};

/** Reports > Balance > Itemized (`balance_change_from_activity.itemized`). `created` is in the report's zone, `created_utc` in UTC. */
export const stripeBalance = (timezone: string): Layout => ({
  title: 'Stripe balance report',
  columns: {
    transaction: ['balance_transaction_id'],
    createdUtc: ['created_utc', 'created (UTC)', 'Created (UTC)'],
    created: ['created'],
    currency: ['currency', 'Currency'],
    gross: ['gross', 'Gross'],
    category: ['reporting_category'],
    source: ['source_id'],
    charge: ['charge_id'],
    paymentIntent: ['payment_intent_id'],
  },
  required: ['transaction', 'currency', 'gross', 'category'],
  schema: z
    .object({
      transaction: idOrNone,
      createdUtc: time('utc').optional(),
      created: time(timezone).optional(),
      currency,
      gross: amount,
      category: text,
      source: idOrNone.optional(),
      charge: idOrNone.optional(),
      paymentIntent: idOrNone.optional(),
    })
    .transform((row, context): readonly ProviderRecord[] => {
      const kind = categories[row.category];
      const at = row.createdUtc ?? row.created;
      if (kind === undefined) return [];
      if (at === undefined) {
        context.addIssue({ code: 'custom', path: ['created'], message: 'is missing' });
        return z.NEVER;
      }
      const isPayment = kind === 'payment';
      return [
        {
          kind,
          paymentIds: usableIds(row.paymentIntent, row.charge, isPayment ? row.source : null),
          refundIds: isPayment ? [] : usableIds(row.source, row.transaction),
          amount: magnitudeOf(row.gross),
          currency: row.currency,
          at,
        },
      ];
    }),
});

/** Money moved. A refunded or disputed payment was paid before. */
const paid = new Set(['paid', 'succeeded', 'refunded', 'partially refunded', 'partial refund', 'disputed']);
const unpaid = /^(failed|blocked|cancell?ed|incomplete|expired|uncaptured|pending|processing|requires.*)$/;

/** Payments > Export. It has no refund ids: what was refunded of a payment is one sum. */
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
    })
    .transform((row): readonly ProviderRecord[] => {
      const moved =
        paid.has(row.status) && !/^false$/i.test(row.captured ?? '') && !/^test$/i.test(row.mode ?? '');
      if (!moved) return [];
      const { currency, created } = row;
      const common = { paymentIds: usableIds(row.paymentIntent, row.id), refundIds: [], currency };
      const back = magnitudeOf(row.refunded ?? ZERO);
      const payment = { ...common, kind: 'payment', amount: row.amount, at: created } as const;
      if (back.unscaled === 0n) return [payment];
      return [payment, { ...common, kind: 'refund', amount: back, at: row.refundedAt ?? created }];
    }),
});
