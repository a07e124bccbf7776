import { z } from 'zod';
import type { Decimal } from '../../../domain/money/decimal.js';
import { amount, currency, idOrNone, orEmpty, text, time } from '../tabular/cells.js';
import { cashRecords, stripeCash } from './cash-records.js';
import { directionOf, type Layout, magnitudeOf, type ProviderRecord, usableIds } from './provider-record.js';
import { paidAmount } from './stripe-amount.js';

/** What a type of a balance transaction is to us; an `adjustment` is told by what it adjusts. */
const types: Readonly<Record<string, ProviderRecord['kind']>> = {
  charge: 'payment',
  payment: 'payment',
  refund: 'refund',
  payment_refund: 'refund',
  payment_failure_refund: 'refund',
  payment_reversal: 'refund',
  refund_failure: 'reversal',
};

/** These move no money of a customer. What is in neither list is a difference, for it might. */
const passedOver =
  /^(stripe_fee|stripe_fx_fee|tax_fee|network_cost|application_fee(_refund)?|payout(_cancel|_failure)?|transfer(_cancel|_failure|_refund)?|topup(_reversal)?|reserve_transaction|reserved_funds|payment_network_reserve_(hold|release)|payout_minimum_balance_(hold|release)|stripe_balance_payment_debit(_reversal)?|advance|advance_funding|anticipation_repayment|contribution|connect_collection_transfer|climate_order_(purchase|refund)|(issuing|obligation)_.+)$/;

/** Balances > All activity > Export. It names no PaymentIntent, and of a refund not even the payment. */
export const stripeActivity = (): Layout => ({
  title: 'Stripe balance history (all activity)',
  columns: {
    transaction: ['id'],
    type: ['Type'],
    source: ['Source'],
    amount: ['Amount'],
    fee: ['Fee'],
    currency: ['Currency'],
    created: ['Created (UTC)'],
    description: ['Description'],
    customerFacingAmount: ['Customer Facing Amount'],
    customerFacingCurrency: ['Customer Facing Currency'],
  },
  required: ['transaction', 'type', 'source', 'amount', 'currency', 'created'],
  schema: z
    .object({
      transaction: idOrNone,
      type: text,
      source: idOrNone,
      amount,
      fee: orEmpty(amount).optional(),
      currency,
      created: time('utc'),
      description: text.optional(),
      customerFacingAmount: orEmpty(amount).optional(),
      customerFacingCurrency: orEmpty(currency).optional(),
    })
    .transform((row): readonly ProviderRecord[] => {
      const cash = cashRecords({
        ...{ reference: row.transaction, at: row.created, currency: row.currency },
        ...stripeCash(row.type, row.amount, row.fee),
      });
      if (passedOver.test(row.type)) return cash;
      const kind = types[row.type] ?? kindOfAdjustment(row);
      const charge = chargeIn(row.source) ?? chargeIn(row.description);
      const paid = paidAmount(row, row);
      return [
        {
          kind,
          paymentIds: usableIds(charge, kind === 'payment' ? row.source : null),
          refundIds: kind === 'payment' ? [] : usableIds(row.source, row.transaction),
          amount: magnitudeOf(paid.amount),
          currency: paid.currency,
          at: row.created,
          ...noteOf(row.type, kind, row.amount),
        },
        ...cash,
      ];
    }),
});

interface Adjusted {
  readonly type: string;
  readonly source: string | null;
  readonly description?: string | undefined;
  readonly amount: Decimal;
}

/** A dispute takes money, and gives it back when it was won; any other adjustment is for a person to judge. */
function kindOfAdjustment({
  type,
  source,
  description = '',
  amount: moved,
}: Adjusted): ProviderRecord['kind'] {
  const isDispute = /^(du|dp|dsp)_/.test(source ?? '') || /^chargeback /i.test(description);
  if (type !== 'adjustment' || !isDispute) return 'unknown';
  return moved.unscaled < 0n ? 'refund' : 'reversal';
}

/** `Chargeback withdrawal for ch_…` names the payment. */
const chargeIn = (where: string | null | undefined): string | undefined =>
  /\b(ch|py)_[A-Za-z0-9]+/.exec(where ?? '')?.[0];

function noteOf(type: string, kind: ProviderRecord['kind'], moved: Decimal): { readonly note?: string } {
  if (kind === 'unknown') return { note: `Type ${type} is not known; ${directionOf(moved)}` };
  if (/^payment_(failure_refund|reversal)$/.test(type))
    return { note: `the payment failed afterwards (${type})` };
  return {};
}
