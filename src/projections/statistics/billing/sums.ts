import { BEFORE, type BillingType, LATER, WITHIN } from '../../../domain/usage/billing.js';
import { type Queryable, schemaOf } from '../../runtime/projection.js';
import { COUNTED } from './counted.js';

/** What moved a balance in a stretch of time, signed: what came in is positive. Quota. */
export type BillingSums = Readonly<Record<BillingType, bigint>>;

export interface BillingPeriod extends BillingSums {
  /** `2026-11`, or what it was asked as. */
  readonly name: string;
  readonly opening: bigint;
  readonly closing: bigint;
  readonly calls: number;
}

export interface BillingView {
  readonly timezone: string;
  /** The oldest first; all that there ever was, without a gap. */
  readonly periods: readonly BillingPeriod[];
  /** What the account has by its own table, and what all movements come to. */
  readonly balance: bigint;
  readonly moved: bigint;
}

interface Row {
  readonly zone: string;
  readonly balance: bigint;
  readonly name: string | null;
  readonly topup: string;
  readonly consumption: string;
  readonly refund: string;
  readonly adjustment: string;
  readonly grant: string;
  readonly calls: string;
}

const sumSql = (type: BillingType) => `coalesce(sum(amount) FILTER (WHERE type = '${type}'), 0)`;

const sql = (name: string) => `
  WITH ${COUNTED},
  periods AS (
    SELECT ${name} AS name, ${sumSql('topup')} AS topup, ${sumSql('consumption')} AS consumption,
           ${sumSql('refund')} AS refund, ${sumSql('adjustment')} AS adjustment, ${sumSql('grant')} AS "grant", sum(requests) AS calls
    FROM counted GROUP BY 1)
  SELECT known.zone, coalesce((SELECT balance FROM ${schemaOf('balance')}.balances WHERE account_id = $1), 0) AS balance, p.*
  FROM known LEFT JOIN periods p ON true ORDER BY p.name`;

/** By months. Undefined while the days are not counted. */
export const readMonths = (db: Queryable, accountId: string): Promise<BillingView | undefined> =>
  read(db, sql(`to_char(day, 'YYYY-MM')`), [accountId]);

/** What was before the first of two days, between both (included), and later. Undefined while the days are not counted. */
export const readRange = (
  db: Queryable,
  accountId: string,
  { from, to }: { readonly from: string; readonly to: string },
): Promise<BillingView | undefined> =>
  read(
    db,
    sql(
      `CASE WHEN day < $2::date THEN '${BEFORE}' WHEN day <= $3::date THEN '${WITHIN}' ELSE '${LATER}' END`,
    ),
    [accountId, from, to],
  );

async function read(db: Queryable, text: string, values: unknown[]): Promise<BillingView | undefined> {
  const { rows } = await db.query<Row>(text, values);
  const [first] = rows;
  if (!first) return undefined;
  let balance = 0n;
  const periods = rows.flatMap(({ name, ...row }): readonly BillingPeriod[] => {
    if (name === null) return [];
    const opening = balance;
    const sums = {
      topup: BigInt(row.topup),
      consumption: BigInt(row.consumption),
      refund: BigInt(row.refund),
      adjustment: BigInt(row.adjustment),
      grant: BigInt(row.grant),
    };
    balance += sums.topup + sums.consumption + sums.refund + sums.adjustment + sums.grant;
    return [{ name, opening, ...sums, closing: balance, calls: Number(row.calls) }];
  });
  return { timezone: first.zone, periods, balance: first.balance, moved: balance };
}

/** What the calls of a model cost between two days. Amounts signed: what was spent is negative. */
export interface BilledModel {
  readonly model: string;
  readonly calls: number;
  readonly tokens: bigint;
  readonly amount: bigint;
}

/** The most expensive first. */
export async function readBilledModels(
  db: Queryable,
  accountId: string,
  { from, to }: { readonly from: string; readonly to: string },
): Promise<readonly BilledModel[]> {
  const { rows } = await db.query<Readonly<Record<keyof BilledModel, string>>>(
    `WITH ${COUNTED}
     SELECT model, sum(requests) AS calls, sum(tokens) AS tokens, sum(amount) AS amount FROM counted
     WHERE type = 'consumption' AND day BETWEEN $2::date AND $3::date GROUP BY model ORDER BY sum(amount), model`,
    [accountId, from, to],
  );
  return rows.map(({ model, calls, tokens, amount }) => ({
    model,
    calls: Number(calls),
    tokens: BigInt(tokens),
    amount: BigInt(amount),
  }));
}
