import { amountText } from '../../domain/money/currency.js';
import { type Queryable, schemaOf } from '../runtime/projection.js';

const cash = schemaOf('cash');

/** The rate of the newest order that was paid in a currency: units of it for a dollar. */
export async function newestRateOf(db: Queryable, currency: string): Promise<string | undefined> {
  const { rows } = await db.query<{ rate: string }>(
    `SELECT rate FROM ${cash}.cash_orders WHERE currency = $1 AND payment IS NOT NULL ORDER BY position DESC LIMIT 1`,
    [currency],
  );
  return rows[0]?.rate;
}

export interface CashNamed {
  readonly kind: string;
  readonly reference: string;
  readonly currency: string;
  readonly amount_minor: bigint;
}

/** What was booked of a provider under any of these names. */
export async function readCashNamed(
  db: Queryable,
  provider: string,
  named: readonly { readonly reference: string }[],
): Promise<readonly CashNamed[]> {
  const { rows } = await db.query<CashNamed>(
    `SELECT kind, reference, currency, amount_minor FROM ${cash}.cash_movements WHERE provider_id = $1 AND reference = ANY ($2)`,
    [provider, named.map(({ reference }) => reference)],
  );
  return rows;
}

/** What a provider took in a currency, and where it went, as decimal text. */
export interface Clearing {
  readonly provider_id: string;
  readonly currency: string;
  readonly orders: string;
  readonly refunds: string;
  readonly disputes: string;
  readonly fees: string;
  readonly payouts: string;
  /** orders - refunds - disputes - fees - payouts: what it should still have. */
  readonly balance: string;
}

type Sums = { readonly [Name in keyof Clearing]: string };

/** Of every provider and currency, as of the last event of the tables. */
export async function readClearing(db: Queryable): Promise<readonly Clearing[]> {
  const { rows } = await db.query<Sums>(
    `SELECT provider_id, currency, sum(orders)::text AS orders, sum(refunds)::text AS refunds, sum(disputes)::text AS disputes,
            sum(fees)::text AS fees, sum(payouts)::text AS payouts,
            sum(orders - refunds - disputes - fees - payouts)::text AS balance
     FROM (SELECT provider_id, currency, paid_minor AS orders, returned_minor AS refunds, disputed_minor AS disputes,
                  0::numeric AS fees, 0::numeric AS payouts
           FROM ${cash}.cash_orders WHERE payment IS NOT NULL
           UNION ALL
           SELECT provider_id, currency, 0, 0, 0,
                  CASE kind WHEN 'fee' THEN amount_minor WHEN 'fee-returned' THEN -amount_minor ELSE 0 END,
                  CASE kind WHEN 'payout' THEN amount_minor WHEN 'payout-returned' THEN -amount_minor ELSE 0 END
           FROM ${cash}.cash_movements) moved
     GROUP BY provider_id, currency ORDER BY provider_id, currency`,
  );
  return rows.map(({ provider_id, currency, ...sums }) => {
    const said = (name: keyof typeof sums): string => amountText(BigInt(sums[name]), currency);
    return {
      ...{ provider_id, currency, orders: said('orders'), refunds: said('refunds') },
      ...{ disputes: said('disputes'), fees: said('fees'), payouts: said('payouts') },
      balance: said('balance'),
    };
  });
}
