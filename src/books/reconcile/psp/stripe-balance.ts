import { z } from 'zod';
import type { Decimal } from '../../../domain/money/decimal.js';
import { amount, currency, idOrNone, orEmpty, text, time } from '../tabular/cells.js';
import { cashRecords, stripeCash } from './cash-records.js';
import { directionOf, type Layout, magnitudeOf, type ProviderRecord, usableIds } from './provider-record.js';
import { paidAmount } from './stripe-amount.js';

/** What a reporting category is to us. A payment that failed after it had succeeded (a returned ACH debit) goes back as a refund does. */
const categories: Readonly<Record<string, ProviderRecord['kind']>> = {
  charge: 'payment',
  charge_failure: 'refund',
  refund: 'refund',
  dispute: 'refund',
  partial_capture_reversal: 'refund',
  refund_failure: 'reversal',
  dispute_reversal: 'reversal',
};

/** These move no money of a customer. What is in neither list is a difference, for it might. */
const passedOver =
  /^(fee|tax|network_cost|(payout|transfer|topup)(_reversal)?|(risk|connect)_reserved_funds|connect_collection_transfer|platform_earning(_refund)?|advance|advance_funding|anticipation_repayment|contribution|climate_order_(purchase|refund)|currency_conversion|(financing|issuing)_.+|payment_network_reserved_funds|minimum_balance_hold)$/;

/** Reports > Balance > Itemized (`balance_change_from_activity.itemized`). `created` is in the report's zone, `created_utc` in UTC. */
export const stripeBalance = (timezone: string): Layout => ({
  title: 'Stripe balance report',
  columns: {
    transaction: ['balance_transaction_id'],
    createdUtc: ['created_utc', 'created (UTC)', 'Created (UTC)'],
    created: ['created'],
    currency: ['currency', 'Currency'],
    gross: ['gross', 'Gross'],
    fee: ['fee', 'Fee'],
    customerFacingAmount: ['customer_facing_amount'],
    customerFacingCurrency: ['customer_facing_currency'],
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
      fee: orEmpty(amount).optional(),
      customerFacingAmount: orEmpty(amount).optional(),
      customerFacingCurrency: orEmpty(currency).optional(),
      category: text,
      source: idOrNone.optional(),
      charge: idOrNone.optional(),
      paymentIntent: idOrNone.optional(),
    })
    .transform((row, context): readonly ProviderRecord[] => {
      const at = row.createdUtc ?? row.created;
      const cash = cashRecords({
        ...{ reference: row.transaction, at, currency: row.currency },
        ...stripeCash(row.category, row.gross, row.fee),
      });
      if (passedOver.test(row.category)) return cash;
      if (at === undefined) {
        context.addIssue({ code: 'custom', path: ['created'], message: 'is missing' });
        return z.NEVER;
      }
      const kind = categories[row.category] ?? 'unknown';
      const isPayment = kind === 'payment';
      const paid = paidAmount({ amount: row.gross, currency: row.currency }, row);
      return [
        {
          kind,
          paymentIds: usableIds(row.paymentIntent, row.charge, isPayment ? row.source : null),
          refundIds: isPayment ? [] : usableIds(row.source, row.transaction),
          amount: magnitudeOf(paid.amount),
          currency: paid.currency,
          at,
          ...noteOf(row.category, kind, row.gross),
        },
        ...cash,
      ];
    }),
});

function noteOf(category: string, kind: ProviderRecord['kind'], moved: Decimal): { readonly note?: string } {
  if (kind === 'unknown')
    return { note: `reporting_category ${category} is not known; ${directionOf(moved)}` };
  if (category === 'charge_failure') return { note: 'the payment failed afterwards (charge_failure)' };
  return {};
}
