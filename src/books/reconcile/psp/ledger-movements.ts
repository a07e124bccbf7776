import { type Decimal, decimal } from '../../../domain/money/decimal.js';
import { type Queryable, schemaOf } from '../../../projections/runtime/projection.js';

/** A payment or a refund as the ledger has booked it. */
export interface LedgerMovement {
  /** `reversal`: what was taken back came again. */
  readonly kind: 'payment' | 'refund' | 'reversal';
  readonly paymentId: string;
  /** Of a refund. */
  readonly refundId: string | null;
  readonly amountUsd: Decimal;
  readonly at: Date;
  readonly externalUserId: string;
}

const PAGE = 5_000;

interface Row {
  readonly kind: 'payment' | 'refund';
  readonly payment_id: string;
  readonly refund_id: string | null;
  readonly amount_usd: string;
  readonly recorded_at: Date;
  readonly external_user_id: string;
}

const MOVEMENTS = `
  SELECT 'payment' AS kind, p.payment_id, NULL AS refund_id, p.amount_usd, p.recorded_at, p.account_id
  FROM ${schemaOf('payments')}.payments p
  UNION ALL
  SELECT 'refund', r.payment_id, r.refund_id, r.amount_usd, r.recorded_at, p.account_id
  FROM ${schemaOf('payments')}.refunds r JOIN ${schemaOf('payments')}.payments p USING (payment_id)`;

const select = (where: string) =>
  `SELECT m.kind, m.payment_id, m.refund_id, m.amount_usd, m.recorded_at, a.external_user_id
   FROM (${MOVEMENTS}) m LEFT JOIN ${schemaOf('accounts')}.accounts a USING (account_id)
   WHERE ${where}
   ORDER BY m.payment_id COLLATE "C", m.kind, m.refund_id COLLATE "C"`;

/** Ids by which movements are asked for wherever they lie in time. */
export interface MovementIds {
  readonly payments: Iterable<string>;
  /** Of refunds whose payment the provider does not name. */
  readonly refunds: Iterable<string>;
}

/**
 * What was booked in the period, and whatever was booked at any time under the given ids, each once.
 * @param prefixes when not empty, only payments whose ids begin with one of them: of the provider whose file it is
 */
export async function readMovements(
  db: Queryable,
  period: { readonly from: Date; readonly to: Date },
  ids: MovementIds,
  prefixes: readonly string[],
): Promise<readonly LedgerMovement[]> {
  const found = new Map<string, LedgerMovement>();
  const keep = (rows: readonly Row[]) => {
    for (const row of rows) found.set(JSON.stringify([row.payment_id, row.refund_id]), movementOf(row));
  };
  const within = await db.query<Row>(
    select(`m.recorded_at >= $1 AND m.recorded_at < $2 AND ($3::text[] = '{}' OR m.payment_id ^@ ANY($3))`),
    [period.from, period.to, [...prefixes]],
  );
  keep(within.rows);
  for (const page of pagesOf(ids.payments))
    keep((await db.query<Row>(select('m.payment_id = ANY($1)'), [page])).rows);
  for (const page of pagesOf(ids.refunds))
    keep((await db.query<Row>(select('m.refund_id = ANY($1)'), [page])).rows);
  return [...found.values()];
}

function* pagesOf(ids: Iterable<string>): Generator<readonly string[]> {
  let page: string[] = [];
  for (const id of ids) {
    page.push(id);
    if (page.length < PAGE) continue;
    yield page;
    page = [];
  }
  if (page.length > 0) yield page;
}

const movementOf = (row: Row): LedgerMovement => ({
  kind: row.amount_usd.startsWith('-') ? 'reversal' : row.kind,
  paymentId: row.payment_id,
  refundId: row.refund_id,
  amountUsd: decimal(row.amount_usd.replace('-', '')),
  at: row.recorded_at,
  externalUserId: row.external_user_id,
});
