import { type Decimal, multiply, roundHalfAwayFromZero } from '../../../domain/money/decimal.js';
import { WrongFile } from '../tabular/tabular-file.js';
import type { PricedRow } from './finding.js';
import type { ProviderRow } from './read-provider-file.js';

/** USD for one unit of a currency. */
export type Rates = ReadonlyMap<string, Decimal>;

const HUNDRED: Decimal = { unscaled: 100n, scale: 0 };

/**
 * Rows with what they are in dollars: exact for USD, else by the rate, to the cent (half away from zero).
 * @throws WrongFile for a currency without a rate
 */
export function priceRows(path: string, rows: readonly ProviderRow[], rates: Rates): readonly PricedRow[] {
  return rows.map((row) => {
    if (row.currency === 'USD') return { ...row, usd: row.amount };
    const rate = rates.get(row.currency);
    if (!rate)
      throw new WrongFile(
        path,
        row.line,
        `the amount is in ${row.currency}: give --rate ${row.currency}=<USD for one ${row.currency}>`,
      );
    const cents = roundHalfAwayFromZero(multiply(multiply(row.amount, rate), HUNDRED));
    return { ...row, usd: { unscaled: cents, scale: 2 } };
  });
}
