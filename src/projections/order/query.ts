import { usdOfQuota } from '../../domain/money/quota.js';
import type { OrderStatus, SeenBy } from '../../domain/order/state.js';
import { type Queryable, schemaOf } from '../runtime/projection.js';
import type { BilledStatus, OrderFilter, OrderView } from './view.js';

interface Row {
  readonly order_id: string;
  readonly account_id: string;
  readonly external_user_id: string;
  readonly provider_id: string;
  readonly provider_revision: bigint;
  readonly method: string;
  readonly plan_id: string | null;
  readonly plan_name: string | null;
  readonly currency: string;
  readonly list_minor: bigint;
  readonly discount_minor: bigint;
  readonly fee_minor: bigint;
  readonly pay_minor: bigint;
  readonly rate: string;
  readonly credit_usd: string;
  readonly bonus_quota: bigint;
  readonly expires_at: Date;
  readonly placed_by: string;
  readonly position: bigint;
  readonly placed_at: Date;
  readonly status: OrderStatus;
  readonly checkout_ref: string | null;
  readonly checkout_url: string | null;
  readonly checkout_qr: string | null;
  readonly instructions: string | null;
  readonly provider_payment: string;
  readonly paid_minor: bigint;
  readonly paid_at: Date;
  readonly seen_by: SeenBy;
  readonly seen_at: Date | null;
  readonly credited_at: Date | null;
  readonly credited_usd: string | null;
  readonly credited_quota: bigint | null;
  readonly period_quota: bigint | null;
  readonly balance_after: bigint | null;
  readonly flags: OrderView['flags'];
}

const ORDERS = `${schemaOf('orders')}.orders`;
const FLAGS = `${schemaOf('orders')}.order_flags`;
const PERIODS = `${schemaOf('subscriptions')}.subscription_periods`;

const PLANS = `${schemaOf('subscriptions')}.plans`;

const FROM = `FROM ${ORDERS} o JOIN ${schemaOf('accounts')}.accounts a USING (account_id)`;
const SELECT = `SELECT o.*, a.external_user_id, p.amount_usd AS credited_usd, p.quota AS credited_quota, b.balance_after,
    (SELECT s.quota FROM ${PERIODS} s WHERE s.order_id = o.order_id) AS period_quota,
    (SELECT l.name FROM ${PLANS} l LEFT JOIN ${PERIODS} s ON s.order_id = o.order_id AND s.plan_version = l.version
     WHERE l.plan_id = o.plan_id ORDER BY s.order_id IS NULL, l.version DESC LIMIT 1) AS plan_name,
    (SELECT coalesce(json_agg(json_build_object('kind', f.kind, 'decision', f.decision) ORDER BY f.position), '[]')
     FROM ${FLAGS} f WHERE f.order_id = o.order_id) AS flags
  ${FROM}
  LEFT JOIN ${schemaOf('payments')}.payments p ON p.payment_id = o.order_id
  LEFT JOIN ${schemaOf('balance')}.balances_after b ON b.position = p.position`;

const FLAGGED = `EXISTS (SELECT FROM ${FLAGS} f WHERE f.order_id = o.order_id AND f.decision IS NULL)`;
/** What `statusOf` of the shell says of one. Each is a condition of its own: those that were not credited are few, and have an index. */
const STATUS: Readonly<Record<BilledStatus, string>> = {
  completed: 'o.credited_at IS NOT NULL',
  failed: `o.credited_at IS NULL AND (o.status = 'failed' OR ${FLAGGED})`,
  cancelled: `o.credited_at IS NULL AND o.status IN ('expired', 'cancelled') AND NOT ${FLAGGED}`,
  pending: `o.credited_at IS NULL AND o.status NOT IN ('failed', 'expired', 'cancelled') AND NOT ${FLAGGED}`,
};

const matches = (
  status: OrderFilter['status'],
) => `($1::uuid IS NULL OR o.account_id = $1) AND ($2::text IS NULL OR a.external_user_id = $2)
  AND ($3::text IS NULL OR o.provider_id = $3)
  AND ($4::text IS NULL OR CASE WHEN o.credited_at IS NULL THEN o.status ELSE 'credited' END = $4)
  AND ($5::text IS NULL OR o.order_id = $5 OR o.checkout_ref = $5 OR o.provider_payment = $5)
  AND ($6::timestamptz IS NULL OR o.placed_at >= $6) AND ($7::timestamptz IS NULL OR o.placed_at < $7)
  AND ${status === undefined ? 'true' : STATUS[status]}`;

const valuesOf = ({ accountId, externalUserId, providerId, stage, id, from, until }: OrderFilter) => [
  accountId ?? null,
  externalUserId ?? null,
  providerId ?? null,
  stage ?? null,
  id ?? null,
  from ?? null,
  until ?? null,
];

/** The newest first. `before`: a place of the log. */
export async function listOrders(
  db: Queryable,
  filter: OrderFilter,
  { before, limit }: { readonly before?: bigint | undefined; readonly limit: number },
): Promise<readonly OrderView[]> {
  const { rows } = await db.query<Row>(
    `${SELECT} WHERE ${matches(filter.status)} AND ($8::bigint IS NULL OR o.position < $8) ORDER BY o.position DESC LIMIT $9`,
    [...valuesOf(filter), before ?? null, limit],
  );
  return rows.map(viewOf);
}

/** Counted up to `most` and one. */
export async function countOrders(db: Queryable, filter: OrderFilter, most: number): Promise<number> {
  const { rows } = await db.query<{ orders: bigint }>(
    `SELECT count(*) AS orders FROM (SELECT ${FROM} WHERE ${matches(filter.status)} LIMIT $8) found`,
    [...valuesOf(filter), most + 1],
  );
  return Number(rows[0]?.orders ?? 0);
}

/** @param accountId whose it must be, where that is said */
export async function findOrder(
  db: Queryable,
  orderId: string,
  accountId?: string,
): Promise<OrderView | undefined> {
  const { rows } = await db.query<Row>(
    `${SELECT} WHERE o.order_id = $1 AND ($2::uuid IS NULL OR o.account_id = $2)`,
    [orderId, accountId ?? null],
  );
  return rows[0] && viewOf(rows[0]);
}

/** Orders of an account that are open, and those that were placed since. `underWay`: which of these are not in the table yet. */
export async function countAccountOrders(
  db: Queryable,
  accountId: string,
  since: Date,
  underWay: readonly string[],
) {
  const { rows } = await db.query<{ open: bigint; placed: bigint; unseen: bigint }>(
    `SELECT count(*) FILTER (WHERE status IN ('placed', 'opened')) AS open, count(*) FILTER (WHERE placed_at > $2) AS placed,
            cardinality($3::text[]) - count(*) FILTER (WHERE order_id = ANY ($3)) AS unseen
     FROM ${ORDERS} WHERE account_id = $1`,
    [accountId, since, underWay],
  );
  const { open = 0n, placed = 0n, unseen = 0n } = rows[0] ?? {};
  return { open: Number(open + unseen), placed: Number(placed + unseen) };
}

function viewOf(row: Row): OrderView {
  return {
    orderId: row.order_id,
    accountId: row.account_id,
    externalUserId: row.external_user_id,
    providerId: row.provider_id,
    providerRevision: Number(row.provider_revision),
    method: row.method,
    plan: row.plan_id === null ? null : { planId: row.plan_id, name: row.plan_name ?? row.plan_id },
    currency: row.currency,
    listMinor: row.list_minor,
    discountMinor: row.discount_minor,
    feeMinor: row.fee_minor,
    payMinor: row.pay_minor,
    rate: row.rate,
    creditUsd: row.credit_usd,
    bonusQuota: row.bonus_quota,
    stage: row.credited_at === null ? row.status : 'credited',
    checkout:
      row.checkout_ref === null
        ? undefined
        : {
            ref: row.checkout_ref,
            url: row.checkout_url,
            qr: row.checkout_qr,
            instructions: row.instructions,
          },
    placedBy: row.placed_by,
    placedAt: row.placed_at,
    expiresAt: row.expires_at,
    paid:
      row.seen_at === null
        ? undefined
        : {
            providerPayment: row.provider_payment,
            amountMinor: row.paid_minor,
            at: row.paid_at,
            seenBy: row.seen_by,
            seenAt: row.seen_at,
          },
    credited: row.credited_at === null ? undefined : creditOf(row, row.credited_at),
    flags: row.flags,
    position: row.position,
  };
}

function creditOf(
  { credited_usd, credited_quota, period_quota, balance_after }: Row,
  at: Date,
): OrderView['credited'] {
  const quota = credited_quota ?? period_quota ?? 0n;
  return { at, quota, amountUsd: credited_usd ?? usdOfQuota(quota), balanceAfter: balance_after };
}
