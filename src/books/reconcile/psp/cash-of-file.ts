import { minorOf, placesOf } from '../../../domain/money/currency.js';
import { formatDecimal, multiply, roundHalfAwayFromZero } from '../../../domain/money/decimal.js';
import { QUOTA_PER_USD } from '../../../domain/money/quota.js';
import { quotaOfMinor } from '../../../domain/order/price.js';
import { newestRateOf, readCashNamed } from '../../../projections/cash/query.js';
import type { Queryable } from '../../../projections/runtime/projection.js';
import { WrongFile } from '../tabular/tabular-file.js';
import { type CashKind, isCash } from './cash-records.js';
import type { Rates } from './price-rows.js';
import { type ProviderFileOptions, readProviderFile } from './read-provider-file.js';

/** A fee or a payout, as it can be booked. */
export interface CashOfFile {
  readonly kind: CashKind;
  readonly reference: string;
  readonly currency: string;
  readonly amountMinor: bigint;
  readonly quota: bigint;
  readonly at: Date;
}

export interface CashFile {
  readonly title: string;
  readonly sha256: string;
  readonly cash: readonly CashOfFile[];
}

/** What a provider's file says of fees and payouts: all of it, or nothing where a row is wrong. @throws WrongFile */
export async function cashOfFile(
  db: Queryable,
  path: string,
  options: Omit<ProviderFileOptions, 'withCash' | 'idColumn'>,
  rates: Rates,
): Promise<CashFile> {
  const { title, sha256, rows } = await readProviderFile(path, {
    ...options,
    idColumn: undefined,
    withCash: true,
  });
  const cash: CashOfFile[] = [];
  for (const row of rows) {
    if (!isCash(row)) continue;
    const { kind, currency, at, line, paymentIds } = row;
    const amountMinor = minorOf(row.amount, currency);
    if (amountMinor === undefined)
      throw new WrongFile(path, line, `${formatDecimal(row.amount)} has more places than ${currency} has`);
    const quota = await quotaOfCash(db, { currency, amountMinor }, rates);
    if (quota === undefined)
      throw new WrongFile(
        path,
        line,
        `the amount is in ${currency}: give --rate ${currency}=<USD for one ${currency}>`,
      );
    cash.push({ kind, reference: paymentIds[0] ?? '', currency, amountMinor, quota, at });
  }
  return { title, sha256, cash };
}

/** The first of them that was booked with another amount: who books them then would be refused half way. */
export async function bookedOtherwise(
  db: Queryable,
  provider: string,
  cash: readonly CashOfFile[],
): Promise<CashOfFile | undefined> {
  const keyOf = (kind: string, reference: string): string => `${kind} ${reference}`;
  const booked = new Map(
    (await readCashNamed(db, provider, cash)).map((row) => [keyOf(row.kind, row.reference), row] as const),
  );
  return cash.find(({ kind, reference, currency, amountMinor }) => {
    const before = booked.get(keyOf(kind, reference));
    booked.set(keyOf(kind, reference), { kind, reference, currency, amount_minor: amountMinor });
    return before && (before.currency !== currency || before.amount_minor !== amountMinor);
  });
}

/** Of dollars it is exact; else by the rate that is given, or by that of the newest order in the currency. Undefined where there is none. */
export async function quotaOfCash(
  db: Queryable,
  { currency, amountMinor }: Pick<CashOfFile, 'currency' | 'amountMinor'>,
  rates: Rates,
): Promise<bigint | undefined> {
  if (currency === 'USD') return quotaOfMinor(amountMinor, currency, '1');
  const given = rates.get(currency);
  // At one for a dollar it is the amount itself in quota.
  if (given) {
    const atOne = { unscaled: amountMinor * QUOTA_PER_USD, scale: placesOf(currency) };
    return roundHalfAwayFromZero(multiply(atOne, given));
  }
  const rate = await newestRateOf(db, currency);
  return rate === undefined ? undefined : quotaOfMinor(amountMinor, currency, rate);
}
