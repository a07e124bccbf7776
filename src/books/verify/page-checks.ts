import type { LedgerEvent, Queryable } from '../../projections/runtime/projection.js';
import { schemaOf } from '../../projections/runtime/projection.js';
import { storableText } from '../../projections/runtime/rows.js';
import { type Fields, Finding } from './check.js';
import { expectedLogRow } from './fold/expected-log-row.js';
import { expectedPostings } from './fold/expected-postings.js';

/** Compares rows that belong to one event each, a stretch of the log at a time. */
export interface PageCheck {
  readonly finding: Finding;
  readonly projection: string;
  /** `balanceAfter`: of the account, where the event moved it. */
  expected(event: LedgerEvent, balanceAfter: bigint | undefined): Fields | undefined;
  /** Rows with $1 < position <= $2, one a position. */
  readonly sql: string;
}

export function pageChecks(): readonly PageCheck[] {
  return [
    {
      finding: new Finding('usage log'),
      projection: 'usage-log',
      expected: expectedLogRow,
      sql: `SELECT position, recorded_at, account_id, type, model, token_id, prompt_tokens, completion_tokens, spend, request_id,
                   reference, stream, revision
            FROM ${schemaOf('usage-log')}.log_rows WHERE position > $1 AND position <= $2`,
    },
    {
      finding: new Finding('journal'),
      projection: 'journal',
      expected: (event) => {
        const postings = expectedPostings(event);
        return postings === undefined ? undefined : { postings, sum: 0 };
      },
      sql: `SELECT position, string_agg(account || ' ' || amount, '; ' ORDER BY account) AS postings, sum(amount) AS sum
            FROM ${schemaOf('journal')}.postings WHERE position > $1 AND position <= $2 GROUP BY position`,
    },
    {
      finding: new Finding('payments'),
      projection: 'payments',
      expected: (event) =>
        event.type === 'payment-credited'
          ? { ...moved(event), payment_id: storableText(event.data.payment_id) }
          : undefined,
      sql: `SELECT position, payment_id, account_id, amount_usd, quota
            FROM ${schemaOf('payments')}.payments WHERE position > $1 AND position <= $2`,
    },
    {
      finding: new Finding('refunds'),
      projection: 'payments',
      expected: (event) =>
        event.type === 'payment-refunded'
          ? {
              amount_usd: event.data.amount_usd,
              quota: event.data.quota,
              refund_id: storableText(event.data.refund_id),
            }
          : undefined,
      sql: `SELECT position, refund_id, amount_usd, quota
            FROM ${schemaOf('payments')}.refunds WHERE position > $1 AND position <= $2`,
    },
    {
      finding: new Finding('balances after payments, refunds and adjustments'),
      projection: 'balance',
      expected: (event, balance_after) =>
        event.type === 'payment-credited' ||
        event.type === 'payment-refunded' ||
        event.type === 'balance-adjusted'
          ? { account_id: event.data.account_id, balance_after: balance_after ?? null }
          : undefined,
      sql: `SELECT position, account_id, balance_after
            FROM ${schemaOf('balance')}.balances_after WHERE position > $1 AND position <= $2`,
    },
  ];
}

const moved = ({ data }: { data: { account_id: string; amount_usd: string; quota: bigint } }): Fields => ({
  account_id: data.account_id,
  amount_usd: data.amount_usd,
  quota: data.quota,
});

/** What the table has in a stretch of the log, by position. */
export async function readStretch(
  tx: Queryable,
  check: PageCheck,
  after: bigint,
  until: bigint,
): Promise<Map<string, Fields>> {
  const { rows } = await tx.query<Record<string, unknown> & { position: bigint }>(check.sql, [after, until]);
  return new Map(rows.map(({ position, ...fields }) => [position.toString(), fieldsOf(fields)]));
}

/** Column values as the fold writes them. */
export function fieldsOf(row: Readonly<Record<string, unknown>>): Fields {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name,
      value instanceof Date ? value.toISOString() : (value as Fields[string]),
    ]),
  );
}
