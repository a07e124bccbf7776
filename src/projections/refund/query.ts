import type { RefundStatus } from '../../domain/refund/state.js';
import { type Queryable, schemaOf } from '../runtime/projection.js';

/** A refund at its provider. */
export interface RefundView {
  readonly refundId: string;
  readonly orderId: string;
  readonly externalUserId: string;
  readonly providerId: string;
  readonly providerPayment: string;
  readonly currency: string;
  readonly amountMinor: bigint;
  readonly reason: string;
  readonly status: RefundStatus;
  readonly requestedBy: string;
  readonly requestedAt: Date;
  readonly sentAt: Date | null;
  readonly endedAt: Date | null;
  /** What the provider calls it, or the reference of a transfer. */
  readonly providerRefund: string | null;
  /** A code, where it failed. */
  readonly why: string | null;
  /** Quota that it took, as long as it was not given back; null where nothing was taken. */
  readonly quota: bigint | null;
  readonly position: bigint;
}

export interface RefundFilter {
  readonly orderId?: string | undefined;
  readonly accountId?: string | undefined;
  readonly state?: 'open' | 'over' | undefined;
}

interface Row {
  readonly refund_id: string;
  readonly order_id: string;
  readonly external_user_id: string | null;
  readonly provider_id: string;
  readonly provider_payment: string;
  readonly currency: string;
  readonly amount_minor: bigint;
  readonly reason: string;
  readonly status: RefundStatus;
  readonly requested_by: string;
  readonly requested_at: Date;
  readonly sent_at: Date | null;
  readonly ended_at: Date | null;
  readonly provider_refund: string | null;
  readonly why: string | null;
  readonly quota: bigint | null;
  readonly position: bigint;
}

const REFUNDS = `${schemaOf('sent-refunds')}.sent_refunds`;

const SELECT = `SELECT r.*, a.external_user_id, b.quota FROM ${REFUNDS} r
  LEFT JOIN ${schemaOf('accounts')}.accounts a USING (account_id)
  LEFT JOIN ${schemaOf('payments')}.refunds b ON b.payment_id = r.order_id AND b.refund_id = r.refund_id AND r.status <> 'failed'`;

/** The state as a text of its own: of those that are open there is an index. */
const matches = ({ state }: RefundFilter): string =>
  `($1::text IS NULL OR r.order_id = $1) AND ($2::uuid IS NULL OR r.account_id = $2)
  ${state === undefined ? '' : `AND r.ended_at IS ${state === 'open' ? '' : 'NOT'} NULL`}`;

const valuesOf = ({ orderId, accountId }: RefundFilter) => [orderId ?? null, accountId ?? null];

/** The newest first. `before`: a place of the log. */
export async function listRefunds(
  db: Queryable,
  filter: RefundFilter,
  { before, limit }: { readonly before?: bigint | undefined; readonly limit: number },
): Promise<readonly RefundView[]> {
  const { rows } = await db.query<Row>(
    `${SELECT} WHERE ${matches(filter)} AND ($3::bigint IS NULL OR r.position < $3) ORDER BY r.position DESC LIMIT $4`,
    [...valuesOf(filter), before ?? null, limit],
  );
  return rows.map(viewOf);
}

/** Counted up to `most` and one. */
export async function countRefunds(db: Queryable, filter: RefundFilter, most: number): Promise<number> {
  const { rows } = await db.query<{ refunds: bigint }>(
    `SELECT count(*) AS refunds FROM (SELECT FROM ${REFUNDS} r WHERE ${matches(filter)} LIMIT $3) found`,
    [...valuesOf(filter), most + 1],
  );
  return Number(rows[0]?.refunds ?? 0);
}

export async function findRefund(db: Queryable, refundId: string): Promise<RefundView | undefined> {
  const { rows } = await db.query<Row>(`${SELECT} WHERE r.refund_id = $1`, [refundId]);
  return rows[0] && viewOf(rows[0]);
}

/** Refunds of which it is not known what became of them, asked for before. The oldest first. */
export async function openRefunds(db: Queryable, before: Date, limit: number): Promise<readonly string[]> {
  const { rows } = await db.query<{ refund_id: string }>(
    `SELECT refund_id FROM ${REFUNDS} WHERE ended_at IS NULL AND requested_at < $1 ORDER BY requested_at, refund_id LIMIT $2`,
    [before, limit],
  );
  return rows.map(({ refund_id }) => refund_id);
}

/** Of an order, the oldest first. */
export async function refundIdsOf(db: Queryable, orderId: string): Promise<readonly string[]> {
  const { rows } = await db.query<{ refund_id: string }>(
    `SELECT refund_id FROM ${REFUNDS} WHERE order_id = $1 ORDER BY position`,
    [orderId],
  );
  return rows.map(({ refund_id }) => refund_id);
}

const viewOf = (row: Row): RefundView => ({
  refundId: row.refund_id,
  orderId: row.order_id,
  externalUserId: row.external_user_id ?? '',
  providerId: row.provider_id,
  providerPayment: row.provider_payment,
  currency: row.currency,
  amountMinor: row.amount_minor,
  reason: row.reason,
  status: row.status,
  requestedBy: row.requested_by,
  requestedAt: row.requested_at,
  sentAt: row.sent_at,
  endedAt: row.ended_at,
  providerRefund: row.provider_refund,
  why: row.why,
  quota: row.quota,
  position: row.position,
});
