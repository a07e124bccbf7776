import type { PaymentFilter, PaymentRow } from './view.js';
import { type Queryable, schemaOf } from '../runtime/projection.js';
import { storableText } from '../runtime/rows.js';
import { type PaymentSqlRow, paymentRowOf, SELECT_PAYMENTS } from './list.js';

/** $1, $2: account of the user, and payment; null: any. */
const MATCHES = `($1::uuid IS NULL OR p.account_id = $1) AND ($2::text IS NULL OR p.payment_id = $2)`;

/** Nobody's account. */
const NOBODY = '00000000-0000-0000-0000-000000000000';

/**
 * The account is found first: as a value it tells PostgreSQL how many payments it has, so that those of a heavy user are read from the newest
 * on and not all of them sorted (500,000 payments, 50,000 of them of the user: 151 ms at a load of 4 before, 44 at one of 25 after).
 */
async function valuesOf(db: Queryable, { externalUserId, paymentId }: PaymentFilter) {
  const text = (value: string | undefined) => (value === undefined ? null : storableText(value));
  return [externalUserId === undefined ? null : await accountOf(db, externalUserId), text(paymentId)];
}

async function accountOf(db: Queryable, externalUserId: string): Promise<string> {
  const { rows } = await db.query<{ account_id: string }>(
    `SELECT account_id FROM ${schemaOf('accounts')}.accounts WHERE external_user_id = $1`,
    [storableText(externalUserId)],
  );
  return rows[0]?.account_id ?? NOBODY;
}

/** Payments before a place of the log, the newest first. */
export async function newestPayments(
  db: Queryable,
  filter: PaymentFilter,
  { before, limit }: { readonly before: bigint | undefined; readonly limit: number },
): Promise<readonly PaymentRow[]> {
  const { rows } = await db.query<PaymentSqlRow>(
    `${SELECT_PAYMENTS} WHERE ${MATCHES} AND ($3::bigint IS NULL OR p.position < $3) ORDER BY p.position DESC LIMIT $4`,
    [...(await valuesOf(db, filter)), before ?? null, limit],
  );
  return rows.map(paymentRowOf);
}

/** How many there are; no more than `most` and one are counted. */
export async function countPayments(db: Queryable, filter: PaymentFilter, most: number): Promise<number> {
  const { rows } = await db.query<{ payments: bigint }>(
    `SELECT count(*) AS payments FROM (SELECT FROM ${schemaOf('payments')}.payments p WHERE ${MATCHES} LIMIT $3) found`,
    [...(await valuesOf(db, filter)), most + 1],
  );
  return Number(rows[0]?.payments ?? 0);
}
