import type pg from 'pg';
import { ALL_ENTRIES, ALL_POSTINGS } from '../../projections/cash/entry-views.js';
import { schemaOf } from '../../projections/runtime/projection.js';
import type { Period } from '../../support/period.js';
import type { ExportedPosting } from './entries.js';
import { accountName, CUSTOMER } from './names.js';

const PAGE = 2_000;

/**
 * Every account with a posting before the end, and its sum before the beginning (0 without one). Summed once into a temporary
 * table and read from it in pages: memory does not grow with the number of customers.
 */
export class AccountList {
  private constructor(private readonly client: pg.PoolClient) {}

  static async open(pool: pg.Pool, period: Period, head: bigint): Promise<AccountList> {
    const client = await pool.connect();
    try {
      await client.query(
        `CREATE TEMP TABLE exported_accounts (account text COLLATE "C" PRIMARY KEY, external_user_id text, opening numeric NOT NULL)`,
      );
      await client.query(FILL, [head, period.from, period.to]);
      return new AccountList(client);
    } catch (error) {
      client.release(true);
      throw error;
    }
  }

  async *pages(): AsyncGenerator<readonly ExportedPosting[]> {
    for (let after = ''; ;) {
      const { rows } = await this.client.query<{
        account: string;
        external_user_id: string | null;
        opening: string;
      }>('SELECT * FROM exported_accounts WHERE account > $1 ORDER BY account LIMIT $2', [after, PAGE]);
      if (rows.length > 0)
        yield rows.map((row) => ({
          account: accountName(row.account, row.external_user_id),
          amount: BigInt(row.opening),
        }));
      const last = rows.at(-1);
      if (rows.length < PAGE || !last) return;
      after = last.account;
    }
  }

  /** Ends the connection, and with it the table. */
  close(): void {
    this.client.release(true);
  }
}

const FILL = `
  INSERT INTO exported_accounts
  SELECT s.account, a.external_user_id, s.opening
  FROM (SELECT p.account, coalesce(sum(p.amount) FILTER (WHERE e.recorded_at < $2), 0) AS opening
        FROM ${ALL_POSTINGS} p JOIN ${ALL_ENTRIES} e USING (position)
        WHERE e.position <= $1 AND ($3::timestamptz IS NULL OR e.recorded_at < $3)
        GROUP BY p.account) s
  LEFT JOIN ${schemaOf('accounts')}.accounts a ON s.account = '${CUSTOMER}' || a.account_id`;
