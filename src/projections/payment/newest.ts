import type { PaymentFilter, PaymentRow } from '../read-models.js';
import { type Queryable, schemaOf } from '../runtime/projection.js';
import { storableText } from '../runtime/rows.js';
import { type PaymentSqlRow, paymentRowOf, SELECT_PAYMENTS } from './list.js';

/** $1, $2: external id of the user, and payment; null: any. */
const MATCHES = `($1::text IS NULL OR p.account_id = (SELECT account_id FROM ${schemaOf('accounts')}.accounts WHERE external_user_id = $1))
       AND ($2::text IS NULL OR p.payment_id = $2)`;

const valuesOf = ({ externalUserId, paymentId }: PaymentFilter) =>
  [externalUserId, paymentId].map((text) => (text === undefined ? null : storableText(text)));

/** Payments before a place of the log, the newest first. */
export async function newestPayments(
  db: Queryable,
  filter: PaymentFilter,
  { before, limit }: { readonly before: bigint | undefined; readonly limit: number },
): Promise<readonly PaymentRow[]> {
  const { rows } = await db.query<PaymentSqlRow>(
    `${SELECT_PAYMENTS} WHERE ${MATCHES} AND ($3::bigint IS NULL OR p.position < $3) ORDER BY p.position DESC LIMIT $4`,
    [...valuesOf(filter), before ?? null, limit],
  );
  return rows.map(paymentRowOf);
}

/** How many there are; no more than `most` and one are counted. */
export async function countPayments(db: Queryable, filter: PaymentFilter, most: number): Promise<number> {
  const { rows } = await db.query<{ payments: bigint }>(
    `SELECT count(*) AS payments FROM (SELECT FROM ${schemaOf('payments')}.payments p WHERE ${MATCHES} LIMIT $3) found`,
    [...valuesOf(filter), most + 1],
  );
  return Number(rows[0]?.payments ?? 0);
}
