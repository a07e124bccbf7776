import type { LedgerEvent, LedgerEventOf, Queryable } from '../../projections/runtime/projection.js';
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
      sql: `SELECT * FROM ${schemaOf('usage-log')}.log_rows WHERE position > $1 AND position <= $2`,
    },
    {
      finding: new Finding('journal'),
      projection: 'journal',
      expected: (event) => {
        const postings = expectedPostings(event);
        return postings && { ...placeOf(event), ...postings };
      },
      sql: `SELECT position, recorded_at, type, account_id, reference, postings, sum
            FROM (SELECT * FROM ${schemaOf('journal')}.entries WHERE position > $1 AND position <= $2) entries
            FULL JOIN (SELECT position, string_agg(leg || ' ' || account || ' ' || amount, '; ' ORDER BY leg) AS postings, sum(amount) AS sum
                       FROM ${schemaOf('journal')}.postings WHERE position > $1 AND position <= $2 GROUP BY position) legs
            USING (position)`,
    },
    {
      finding: new Finding('payments'),
      projection: 'payments',
      expected: (event) =>
        event.type === 'payment-credited'
          ? {
              ...moved(event),
              credited_by: storableText(event.data.by),
              received_at: event.receivedAt?.toISOString() ?? null,
              note: event.data.note === undefined ? null : storableText(event.data.note),
            }
          : undefined,
      sql: `SELECT * FROM ${schemaOf('payments')}.payments WHERE position > $1 AND position <= $2`,
    },
    {
      finding: new Finding('refunds'),
      projection: 'payments',
      expected: refundOf,
      sql: `SELECT * FROM ${schemaOf('payments')}.refunds WHERE position > $1 AND position <= $2`,
    },
    {
      finding: new Finding('balances after payments, refunds and adjustments'),
      projection: 'balance',
      expected: (event, balance_after) =>
        event.type === 'payment-credited' ||
        event.type === 'payment-refunded' ||
        event.type === 'payment-refund-reversed' ||
        event.type === 'payment-taken-back' ||
        event.type === 'balance-adjusted' ||
        event.type === 'grant-given' ||
        event.type === 'grant-expired' ||
        event.type === 'grant-withdrawn'
          ? { account_id: event.data.account_id, balance_after: balance_after ?? null }
          : undefined,
      sql: `SELECT * FROM ${schemaOf('balance')}.balances_after WHERE position > $1 AND position <= $2`,
    },
  ];
}

/** What went back at a provider is among the refunds, under a number of its own. */
function refundOf(event: LedgerEvent): Fields | undefined {
  if (event.type === 'payment-refunded') {
    const { refund_id, reason, by } = event.data;
    return refundRow(event, storableText(refund_id), storableText(reason), by);
  }
  if (event.type === 'payment-refund-reversed') {
    const { refund_id, why, by, amount_usd, quota } = event.data;
    const row = refundRow(event, storableText(`reversed:${refund_id}`), storableText(why), by);
    return { ...row, amount_usd: `-${amount_usd}`, quota: 0n - quota };
  }
  if (event.type !== 'payment-taken-back') return undefined;
  return refundRow(event, storableText(event.data.return_id), event.data.kind, event.data.by);
}

const refundRow = (event: PaymentEvent, refund_id: string, reason: string, by: string): Fields => ({
  ...without(moved(event), 'account_id'),
  ...{ refund_id, reason },
  refunded_by: storableText(by),
});

type PaymentEvent = LedgerEventOf<
  'payment-credited' | 'payment-refunded' | 'payment-refund-reversed' | 'payment-taken-back'
>;

const moved = ({ data, recordedAt }: PaymentEvent): Fields => ({
  payment_id: storableText(data.payment_id),
  account_id: data.account_id,
  amount_usd: data.amount_usd,
  quota: data.quota,
  recorded_at: recordedAt.toISOString(),
});

const without = (fields: Fields, name: string): Fields =>
  Object.fromEntries(Object.entries(fields).filter(([field]) => field !== name));

const placeOf = ({ recordedAt, storedType }: LedgerEvent): Fields => ({
  recorded_at: recordedAt.toISOString(),
  type: storedType,
});

/** What the table has in a stretch of the log, by position. */
export async function readStretch(
  tx: Queryable,
  check: PageCheck,
  after: bigint,
  until: bigint,
): Promise<Map<string, Fields>> {
  const { rows } = await tx.query<Record<string, unknown> & { position: bigint }>(check.sql, [after, until]);
  return new Map(rows.map((row) => [row.position.toString(), fieldsOf(row, POSITION)]));
}

const POSITION: readonly string[] = ['position'];

/** Column values as the fold writes them, but for those of `left` columns. For each row of every table: made field by field. */
export function fieldsOf(row: Readonly<Record<string, unknown>>, left: readonly string[] = []): Fields {
  const fields: Record<string, Fields[string]> = {};
  for (const name of Object.keys(row)) {
    if (left.includes(name)) continue;
    const value = row[name];
    fields[name] = value instanceof Date ? value.toISOString() : (value as Fields[string]);
  }
  return fields;
}
