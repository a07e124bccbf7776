import { usdOfQuota } from '../money/quota.js';
import type { OrderPrice } from './price.js';
import { type Priced, priceIn } from '../plan/state.js';

/**
 * What a period costs: its price in that currency, with nothing let off and nothing added. What it gives is the plan's and no matter of the rate, which
 * is written down for who compares. Undefined where it is not sold in the currency.
 */
export function priceOfPlan(
  terms: Priced & { readonly quota: bigint },
  currency: string,
  rate: string,
): OrderPrice | undefined {
  const minor = priceIn(terms, currency);
  if (minor === undefined) return undefined;
  const { quota } = terms;
  const price = { listMinor: minor, discountMinor: 0n, feeMinor: 0n, payMinor: minor };
  return { currency, ...price, rate, quota, bonusQuota: 0n, creditUsd: usdOfQuota(quota) };
}
