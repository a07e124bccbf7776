import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { amountText, minorOfText, placesOf } from '../../../src/domain/money/currency.js';
import { decimal } from '../../../src/domain/money/decimal.js';
import { quotaOfUsd } from '../../../src/domain/money/quota.js';
import { type OrderPrice, priceOrder, quotaOfMinor } from '../../../src/domain/order/price.js';
import {
  type CurrencyTerms,
  firstPaymentTerms,
  withoutBonus,
  paymentTermsInput,
  type PaymentTerms,
} from '../../../src/domain/setting/payments.js';

const cny = firstPaymentTerms.currencies.CNY as CurrencyTerms;
const terms = (changes: Partial<CurrencyTerms>, basis: PaymentTerms['preset_basis'] = 'pay') => ({
  currencies: { CNY: { ...cny, ...changes } },
  preset_basis: basis,
});
const priced = (...given: Parameters<typeof priceOrder>): OrderPrice => {
  const price = priceOrder(...given);
  if ('fault' in price) throw new Error(JSON.stringify(price));
  return price;
};

describe('the price of an order', () => {
  it('is 70.422536 dollars for 500 yuan at 7.10', () => {
    expect(priced(firstPaymentTerms, 'CNY', '500')).toEqual({
      currency: 'CNY',
      listMinor: 50_000n,
      discountMinor: 0n,
      feeMinor: 0n,
      payMinor: 50_000n,
      rate: '7.10',
      quota: 35_211_268n,
      creditUsd: '70.422536',
      bonusQuota: 0n,
    });
  });

  it.each([
    // basis, list, discount, pay: 5 % off from 1000
    ['pay', 105_263n, 5_263n, 100_000n],
    ['credit', 100_000n, 5_000n, 95_000n],
  ] as const)('with a discount by what is %s', (basis, listMinor, discountMinor, payMinor) => {
    const tiers = [
      { from: '1000', discount: '0.05' },
      { from: '100', discount: '0.01' },
    ];
    const price = priced(terms({ tiers }, basis), 'CNY', '1000');
    expect(price).toMatchObject({ listMinor, discountMinor, payMinor });
    // What is let off the price is not let off the credit.
    expect(price.quota).toBe(quotaOfMinor(listMinor, 'CNY', '7.10'));
  });

  it('has the bonus of the tier that it reaches, a part of the credit beside it', () => {
    const tiers = [
      { from: '1000', discount: '0.05' },
      { from: '500', discount: '0', bonus: '0.1' },
    ];
    const bonusOf = (amount: string) => priced(terms({ tiers }), 'CNY', amount).bonusQuota;
    expect([bonusOf('499.99'), bonusOf('500'), bonusOf('1000')]).toEqual([0n, 3_521_127n, 0n]);
    expect(priced(withoutBonus({ ...firstPaymentTerms, ...terms({ tiers }) }), 'CNY', '500')).toMatchObject({
      quota: 35_211_268n,
      bonusQuota: 0n,
    });
  });

  it('has a fee that buys nothing', () => {
    const fee = { part: '0.006', fixed: '0.30' };
    const price = priced(terms({ fee }), 'CNY', '500');
    expect(price).toMatchObject({ feeMinor: 330n, payMinor: 50_330n, quota: 35_211_268n });
  });

  it.each([
    ['USD', '10', { field: 'currency', rule: 'oneof', allowed: ['CNY'] }],
    ['toString', '10', { field: 'currency', rule: 'oneof', allowed: ['CNY'] }],
    ['CNY', '0.99', { field: 'amount', rule: 'min', bound: '1' }],
    ['CNY', '-5', { field: 'amount', rule: 'min', bound: '1' }],
    ['CNY', '50000.01', { field: 'amount', rule: 'max', bound: '50000' }],
    ['CNY', '10.001', { field: 'amount', rule: 'places', places: 2 }],
    ['CNY', 'ten', { field: 'amount', rule: 'places', places: 2 }],
  ])('%s %s is none', (currency, amount, fault) => {
    expect(priceOrder(firstPaymentTerms, currency, amount)).toEqual({ fault });
  });

  it('is whole quota, which its dollars say exactly, for every amount and rate', () => {
    fc.assert(
      fc.property(
        fc.bigInt(100n, 5_000_000n),
        fc.integer({ min: 1, max: 99_999_999 }),
        fc.constantFrom('CNY', 'JPY', 'KWD'),
        (minor, unscaled, currency) => {
          const rate = `${Math.floor(unscaled / 10_000)}.${String(unscaled % 10_000).padStart(4, '0')}`;
          const offered = { ...cny, rate, min: '0', max: '999999999' };
          const price = priced(
            { currencies: { [currency]: offered }, preset_basis: 'pay' },
            currency,
            amountText(minor, currency),
          );
          expect(price.payMinor).toBe(minor);
          expect(quotaOfUsd(decimal(price.creditUsd))).toBe(price.quota);
          // |quota × rate × 10^places - minor × 500,000| <= half of rate × 10^places, without a division
          const scaled = BigInt(unscaled) * 10n ** BigInt(placesOf(currency));
          const off = price.quota * scaled - minor * 500_000n * 10_000n;
          expect(2n * (off < 0n ? -off : off) <= scaled).toBe(true);
        },
      ),
    );
  });
});

describe('minor units', () => {
  it.each([
    ['CNY', '12.5', 1_250n, '12.50'],
    ['JPY', '1250', 1_250n, '1250'],
    ['KWD', '1.25', 1_250n, '1.250'],
    ['CNY', '0.05', 5n, '0.05'],
  ])('%s %s', (currency, text, minor, written) => {
    expect(minorOfText(text, currency)).toBe(minor);
    expect(amountText(minor, currency)).toBe(written);
  });

  it('are whole', () => {
    expect(minorOfText('0.5', 'JPY')).toBeUndefined();
    expect(minorOfText('0.001', 'USD')).toBeUndefined();
    expect(amountText(-5n, 'CNY')).toBe('-0.05');
  });
});

describe('the terms of payment', () => {
  const fault = (changes: object) =>
    paymentTermsInput.safeParse({ ...firstPaymentTerms, ...changes }).success;
  it('are refused where they cannot be kept', () => {
    expect(fault({})).toBe(true);
    expect(fault({ currencies: {} })).toBe(true);
    for (const changes of [
      { rate: '0' },
      { rate: '0.00' },
      { min: '0' },
      { min: '60' },
      { max: '10', presets: [], min: '20' },
      { presets: ['50.001'] },
      { tiers: [{ from: '1', discount: '1' }] },
      { tiers: [{ from: '1', discount: '0.1', bonus_percent: '5' }] },
      { fee: { part: '0.01' } },
    ])
      expect([changes, fault({ currencies: { CNY: { ...cny, ...changes } } })]).toEqual([changes, false]);
    expect(fault({ currencies: { cny } })).toBe(false);
    expect(fault({ currencies: { JPY: { ...cny, min: '0.5' } } })).toBe(false);
    expect(fault({ bank: { instructions: 'x', currencies: ['USD'] } })).toBe(false);
    expect(fault({ providers: [] })).toBe(false);
  });
});
