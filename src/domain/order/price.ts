import { minorOfText, placesOf } from '../money/currency.js';
import { decimal, partOf, powerOfTen, roundedQuotient } from '../money/decimal.js';
import { QUOTA_PER_USD, usdOfQuota } from '../money/quota.js';
import type { CurrencyTerms, PaymentTerms } from '../setting/payments.js';

/** What an order comes to, in minor units of its currency, and in quota. */
export interface OrderPrice {
  readonly currency: string;
  readonly listMinor: bigint;
  readonly discountMinor: bigint;
  readonly feeMinor: bigint;
  /** list - discount + fee */
  readonly payMinor: bigint;
  /** Decimal text. */
  readonly rate: string;
  readonly quota: bigint;
  /** The same, exact: a figure in dollars that was rounded first would not be a whole quota. */
  readonly creditUsd: string;
  /** Given beside it. */
  readonly bonusQuota: bigint;
}

/** Why an amount is none that can be ordered. `min`, `max`: decimal text. */
export type PriceFault =
  | { readonly field: 'currency'; readonly rule: 'oneof'; readonly allowed: readonly string[] }
  | { readonly field: 'amount'; readonly rule: 'places'; readonly places: number }
  | { readonly field: 'amount'; readonly rule: 'min' | 'max'; readonly bound: string };

/**
 * The price of an order, from decimal text alone: one exact division makes the quota, rounded half away from zero. `discount` is let off the
 * price and not off what is credited; the fee is the payer's and buys nothing; the bonus is a part of what is credited, and given beside it.
 *
 * @param amount decimal text in units of the currency: what is paid without the fee, or what is credited, as `preset_basis` says
 */
export function priceOrder(
  terms: Pick<PaymentTerms, 'currencies' | 'preset_basis'>,
  currency: string,
  amount: string,
): OrderPrice | { readonly fault: PriceFault } {
  const offered = Object.hasOwn(terms.currencies, currency) ? terms.currencies[currency] : undefined;
  if (!offered)
    return { fault: { field: 'currency', rule: 'oneof', allowed: Object.keys(terms.currencies) } };
  const minor = minorOfText(amount, currency);
  if (minor === undefined) return { fault: { field: 'amount', rule: 'places', places: placesOf(currency) } };
  const minorOf = (text: string): bigint => minorOfText(text, currency) ?? 0n;
  if (minor < minorOf(offered.min)) return { fault: { field: 'amount', rule: 'min', bound: offered.min } };
  if (minor > minorOf(offered.max)) return { fault: { field: 'amount', rule: 'max', bound: offered.max } };
  const { discount, bonus = '0' } = tierOf(offered, minor, minorOf);
  const { listMinor, netMinor } = discounted(minor, discount, terms.preset_basis);
  const feeMinor = offered.fee ? partOf(netMinor, offered.fee.part) + minorOf(offered.fee.fixed) : 0n;
  const quota = quotaOfMinor(listMinor, currency, offered.rate);
  return {
    currency,
    listMinor,
    discountMinor: listMinor - netMinor,
    feeMinor,
    payMinor: netMinor + feeMinor,
    rate: offered.rate,
    quota,
    creditUsd: usdOfQuota(quota),
    bonusQuota: partOf(quota, bonus),
  };
}

type Tier = Pick<CurrencyTerms['tiers'][number], 'discount' | 'bonus'>;

/** The highest tier that the amount reaches. */
function tierOf({ tiers }: CurrencyTerms, minor: bigint, minorOf: (text: string) => bigint): Tier {
  let [best, reached]: [Tier, bigint] = [{ discount: '0' }, -1n];
  for (const tier of tiers) {
    const fromMinor = minorOf(tier.from);
    if (fromMinor <= minor && fromMinor > reached) [best, reached] = [tier, fromMinor];
  }
  return best;
}

function discounted(minor: bigint, discount: string, basis: PaymentTerms['preset_basis']) {
  if (basis === 'credit') return { listMinor: minor, netMinor: minor - partOf(minor, discount) };
  const { unscaled, scale } = decimal(discount);
  const whole = powerOfTen(scale);
  return { listMinor: roundedQuotient(minor * whole, whole - unscaled), netMinor: minor };
}

/** Quota of an amount at a rate: minor / 10^places / rate × 500,000. */
export function quotaOfMinor(minor: bigint, currency: string, rate: string): bigint {
  const { unscaled, scale } = decimal(rate);
  return roundedQuotient(
    minor * QUOTA_PER_USD * powerOfTen(scale),
    unscaled * powerOfTen(placesOf(currency)),
  );
}
