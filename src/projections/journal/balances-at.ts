import { rowPages } from '../../postgres/row-pages.js';
import { type Queryable, schemaOf } from '../runtime/projection.js';

/** What an account had, by the journal. */
export interface BalanceAt {
  readonly accountId: string;
  readonly balance: bigint;
  /** Of the last entry in it. */
  readonly position: bigint;
}

/** What every account that was ever moved had at a position of the log, in the order of their last movements. Needs a transaction. */
export async function* balancesAt(tx: Queryable, position: bigint): AsyncGenerator<readonly BalanceAt[]> {
  const pages = rowPages<{ account_id: string; balance: string; last: bigint }>(
    tx,
    'balances_at',
    `SELECT account_id, -sum(user_amount) AS balance, max(position) AS last FROM ${schemaOf('journal')}.entries
     WHERE position <= ${position} GROUP BY account_id ORDER BY last`,
  );
  for await (const rows of pages)
    yield rows.map((row) => ({
      accountId: row.account_id,
      balance: BigInt(row.balance),
      position: row.last,
    }));
}
