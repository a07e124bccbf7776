import { ALL_ENTRIES, ALL_POSTINGS } from '../../projections/cash/entry-views.js';
import { schemaOf, type Queryable } from '../../projections/runtime/projection.js';
import { dayOf, type Period } from '../../support/period.js';
import { accountName, safeName } from './names.js';

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
  /** Of money that moves no customer's balance. */
  readonly providerId: string | null;
  /** Of a refund: what was refunded. */
  readonly paymentId: string | null;
  /** Of a call; else empty. */
  readonly model: string;
  readonly requestId: string | null;
  /** Of a top-up that has one. */
  readonly note: string | null;
  readonly postings: readonly ExportedPosting[];
}

/** Something that is said of an entry: a column of CSV, a member of NDJSON and, where it has a tag, a tag of hledger. */
interface EntryField {
  readonly name: string;
  readonly of: (entry: ExportedEntry, timezone: string) => string | bigint | null;
  readonly tag?: { readonly name: string; readonly written: (text: string) => string };
}

const asItIs = (text: string): string => text;
const safeWords = (text: string): string => safeName(text).replaceAll('%20', ' ');

/** In the order of the columns; those of the posting come after them. */
export const entryFields: readonly EntryField[] = [
  { name: 'position', of: ({ position }) => position, tag: { name: 'position', written: asItIs } },
  { name: 'date', of: ({ recordedAt }, timezone) => dayOf(recordedAt, timezone) },
  {
    name: 'recorded_at',
    of: ({ recordedAt }) => recordedAt.toISOString(),
    tag: { name: 'recorded', written: asItIs },
  },
  { name: 'event', of: ({ type }) => type, tag: { name: 'event', written: asItIs } },
  { name: 'reference', of: ({ reference }) => reference },
  { name: 'external_user_id', of: ({ externalUserId }) => externalUserId },
  { name: 'payment_id', of: ({ paymentId }) => paymentId, tag: { name: 'payment', written: safeName } },
  { name: 'model', of: ({ model }) => model },
  { name: 'request_id', of: ({ requestId }) => requestId, tag: { name: 'request', written: safeName } },
  { name: 'note', of: ({ note }) => note, tag: { name: 'note', written: safeWords } },
  { name: 'provider_id', of: ({ providerId }) => providerId, tag: { name: 'provider', written: safeName } },
];

const PAGE = 2_000;

/** The last position of the journal: what is exported ends there, whatever is appended meanwhile. */
export async function journalHead(db: Queryable): Promise<bigint> {
  const { rows } = await db.query<{ head: bigint | null }>(
    `SELECT max(position) AS head FROM ${ALL_ENTRIES} e`,
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
  readonly provider_id: string | null;
  readonly payment_id: string | null;
  readonly model: string | null;
  readonly request_id: string | null;
  readonly note: string | null;
  readonly postings: readonly { readonly account: string; readonly amount: string }[];
}

const ENTRIES = `
  SELECT e.position, e.recorded_at, e.type, e.reference, a.external_user_id, e.provider_id, r.payment_id, l.model, l.request_id, c.note, p.postings
  FROM (SELECT * FROM ${ALL_ENTRIES} every_entry
        WHERE position > $1 AND position <= $2
          AND ($3::timestamptz IS NULL OR recorded_at >= $3) AND ($4::timestamptz IS NULL OR recorded_at < $4)
        ORDER BY position LIMIT $5) e
  CROSS JOIN LATERAL (
    SELECT json_agg(json_build_object('account', account, 'amount', amount::text) ORDER BY leg) AS postings
    FROM ${ALL_POSTINGS} every_posting WHERE position = e.position) p
  LEFT JOIN ${schemaOf('accounts')}.accounts a ON a.account_id = e.account_id
  LEFT JOIN ${schemaOf('usage-log')}.log_rows l ON l.position = e.position AND l.recorded_at = e.recorded_at
  LEFT JOIN ${schemaOf('payments')}.payments c ON split_part(e.type, '.', 1) = 'payment-credited' AND c.payment_id = e.reference
  LEFT JOIN LATERAL (
    SELECT refunds.payment_id FROM ${schemaOf('payments')}.payments JOIN ${schemaOf('payments')}.refunds USING (payment_id)
    WHERE split_part(e.type, '.', 1) IN ('payment-refunded', 'payment-refund-reversed', 'payment-taken-back') AND payments.account_id = e.account_id
      AND refunds.position = e.position) r ON true
  ORDER BY e.position`;

function entryOf(row: EntryRow): ExportedEntry {
  return {
    position: row.position,
    recordedAt: row.recorded_at,
    type: row.type,
    reference: row.reference,
    externalUserId: row.external_user_id ?? '',
    providerId: row.provider_id,
    paymentId: row.payment_id,
    model: row.model ?? '',
    requestId: row.request_id,
    note: row.note,
    postings: row.postings.map(({ account, amount }) => ({
      account: accountName(account, row.external_user_id),
      amount: BigInt(amount),
    })),
  };
}
