import { z } from 'zod';
import { amountText, minorOfText, placesOf } from '../../../domain/money/currency.js';
import { formatDecimal } from '../../../domain/money/decimal.js';
import { type OrderPrice, type PriceFault, priceOrder } from '../../../domain/order/price.js';
import type { PaymentTerms } from '../../../domain/setting/payments.js';
import type { OfferedMethod } from '../../../reactions/payments/provider.js';
import { invalidRequest } from '../../failure.js';
import { exactNumber, NumberText } from '../../json/number-text.js';
import { complaints, type FieldComplaint } from '../../validation.js';

/** An amount as a JSON number or a text: taken as the digits that were written, never as a double. */
export const amountInput = z
  .custom<NumberText | string>((value) => value instanceof NumberText || typeof value === 'string', {
    params: complaints.type('应为数字', 'must be a number'),
  })
  .meta({
    type: ['number', 'string'],
    description: 'in units of the currency; taken as decimal text',
    examples: ['500', 88.88],
  })
  .transform((value, context) => {
    const amount = exactNumber(value instanceof NumberText ? value.text : value);
    if (amount) return formatDecimal(amount);
    context.addIssue({ code: 'custom', params: { ...complaints.type('应为数字', 'must be a number') } });
    return z.NEVER;
  });

/** Throws the 400 that names the field where it is none. */
export function pricedOrThrow(terms: PaymentTerms, currency: string, amount: string): OrderPrice {
  const price = priceOrder(terms, currency, amount);
  if ('fault' in price) throw invalidRequest([{ field: price.fault.field, ...complaintOf(price.fault) }]);
  return price;
}

function complaintOf(fault: PriceFault): FieldComplaint {
  switch (fault.rule) {
    case 'oneof':
      return complaints.oneof(fault.allowed);
    case 'places':
      return complaints.type(
        `最多 ${fault.places} 位小数`,
        `may have at most ${fault.places} decimal places`,
      );
    default:
      return complaints[fault.rule](fault.bound);
  }
}

export function presentOptions(
  terms: PaymentTerms,
  methods: readonly OfferedMethod[],
  asked: { readonly currency: string; readonly amount: string } | undefined,
) {
  return {
    preset_basis: terms.preset_basis,
    open_most: terms.open_most,
    hourly_most: terms.hourly_most,
    methods: methods.map(({ method, providerId, currencies }) => ({
      method,
      provider_id: providerId,
      currencies,
    })),
    currencies: Object.entries(terms.currencies).map(([currency, { rate, min, max, presets }]) => {
      const written = (text: string) => amountText(minorOfText(text, currency) ?? 0n, currency);
      return {
        currency,
        decimals: placesOf(currency),
        rate,
        min: written(min),
        max: written(max),
        presets: presets.map((preset) =>
          presentQuote(pricedOrThrow(terms, currency, preset), written(preset)),
        ),
      };
    }),
    quote: asked ? presentQuote(pricedOrThrow(terms, asked.currency, asked.amount), asked.amount) : null,
  };
}

const presentQuote = (price: OrderPrice, amount: string) => {
  const text = (minor: bigint) => amountText(minor, price.currency);
  return {
    amount: text(minorOfText(amount, price.currency) ?? 0n),
    list_amount: text(price.listMinor),
    discount_amount: text(price.discountMinor),
    fee_amount: text(price.feeMinor),
    pay_amount: text(price.payMinor),
    credit_usd: price.creditUsd,
    quota: price.quota,
    bonus_quota: price.bonusQuota,
  };
};
