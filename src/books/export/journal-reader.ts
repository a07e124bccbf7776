import type pg from 'pg';
import { schemaOf, type Queryable } from '../../projections/runtime/projection.js';
import type { Period } from '../../support/period.js';
import { accountName, CUSTOMER } from './names.js';

export interface ExportedPosting {
  /** As accountants read it. */
  readonly account: string;
  /** Quota; debits positive. */
  readonly amount: bigint;
}

/** An entry of the journal with what a person wants to know of it. */
export interface ExportedEntry {
  readonly position: bigint;
  readonly recordedAt: Date;
  readonly type: string;
  /** The payment, refund, adjustment or call. */
  readonly reference: string;
  readonly externalUserId: string;
  /** Of a refund: what was refunded. */
  readonly paymentId: string | null;
  /** Of a call; else empty. */
  readonly model: string;
  readonly requestId: string | null;
  readonly postings: readonly ExportedPosting[];
}

const PAGE = 2_000;
const journal = schemaOf('journal');

/** The last position of the journal: what is exported ends there, whatever is appended meanwhile. */
export async function journalHead(db: Queryable): Promise<bigint> {
  const { rows } = await db.query<{ head: bigint | null }>(
    `SELECT max(position) AS head FROM ${journal}.entries`,
  );
  return rows[0]?.head ?? -1n;
}

/**
 * Entries in log order, in pages. No cursor: a transaction as long as the slowest reader of our output would hold up vacuum and
 * the swap of rebuilt tables, and entries never change once they are there.
 */
export async function* readEntries(
  db: Queryable,
  period: Period,
  head: bigint,
): AsyncGenerator<readonly ExportedEntry[]> {
  for (let after = -1n; ;) {
    const { rows } = await db.query<EntryRow>(ENTRIES, [after, head, period.from, period.to, PAGE]);
    if (rows.length > 0) yield rows.map(entryOf);
    const last = rows.at(-1);
    if (rows.length < PAGE || !last) return;
    after = last.position;
  }
}

interface EntryRow {
  readonly position: bigint;
  readonly recorded_at: Date;
  readonly type: string;
  readonly reference: string;
  readonly external_user_id: string | null;
  readonly payment_id: string | null;
  readonly model: string | null;
  readonly request_id: string | null;
  readonly postings: readonly { readonly account: string; readonly amount: string }[];
}

const ENTRIES = `
  SELECT e.position, e.recorded_at, e.type, e.reference, a.external_user_id, r.payment_id, l.model, l.request_id, p.postings
  FROM (SELECT * FROM ${journal}.entries
        WHERE position > $1 AND position <= $2
          AND ($3::timestamptz IS NULL OR recorded_at >= $3) AND ($4::timestamptz IS NULL OR recorded_at < $4)
        ORDER BY position LIMIT $5) e
  CROSS JOIN LATERAL (
    SELECT json_agg(json_build_object('account', account, 'amount', amount::text) ORDER BY leg) AS postings
    FROM ${journal}.postings WHERE position = e.position) p
  LEFT JOIN ${schemaOf('accounts')}.accounts a ON a.account_id = e.account_id
  LEFT JOIN ${schemaOf('usage-log')}.log_rows l ON l.position = e.position AND l.recorded_at = e.recorded_at
  LEFT JOIN LATERAL (
    SELECT refunds.payment_id FROM ${schemaOf('payments')}.payments JOIN ${schemaOf('payments')}.refunds USING (payment_id)
    WHERE split_part(e.type, '.', 1) = 'payment-refunded' AND payments.account_id = e.account_id AND refunds.refund_id = e.reference
      AND refunds.position = e.position) r ON true
  ORDER BY e.position`;

function entryOf(row: EntryRow): ExportedEntry {
  return {
    position: row.position,
    recordedAt: row.recorded_at,
    type: row.type,
    reference: row.reference,
    externalUserId: row.external_user_id ?? '',
    paymentId: row.payment_id,
    model: row.model ?? '',
    requestId: row.request_id,
    postings: row.postings.map(({ account, amount }) => ({
      account: accountName(account, row.external_user_id),
      amount: BigInt(amount),
    })),
  };
}

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
        FROM ${journal}.postings p JOIN ${journal}.entries e USING (position)
        WHERE e.position <= $1 AND ($3::timestamptz IS NULL OR e.recorded_at < $3)
        GROUP BY p.account) s
  LEFT JOIN ${schemaOf('accounts')}.accounts a ON s.account = '${CUSTOMER}' || a.account_id`;
