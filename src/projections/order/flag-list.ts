import type { FlagDecision, FlagKind, SeenBy } from '../../domain/order/state.js';
import { type Queryable, schemaOf } from '../runtime/projection.js';

/** Money that does not fit its order. */
export interface OrderFlagView {
  readonly flagId: string;
  /** Of a stray payment: what its provider says that it is for, or what it was credited to. */
  readonly orderId: string | null;
  /** Null of a stray payment. */
  readonly externalUserId: string | null;
  /** Undefined where the order says it. */
  readonly providerId: string | null;
  /** `stray`: it is for no order that there is. */
  readonly kind: FlagKind | 'stray';
  readonly providerPayment: string;
  readonly amountMinor: bigint;
  readonly currency: string;
  readonly merchant: string;
  readonly paidAt: Date;
  readonly seenBy: SeenBy;
  /** Why it could not be credited: a code. */
  readonly refusal: string | null;
  readonly raisedAt: Date;
  readonly position: bigint;
  /** Undefined while nobody has decided. */
  readonly settled:
    | { readonly decision: FlagDecision; readonly by: string; readonly reason: string; readonly at: Date }
    | undefined;
}

export interface FlagFilter {
  readonly state?: 'open' | 'settled' | undefined;
  readonly flagId?: string | undefined;
}

interface Row {
  readonly flag_id: string;
  readonly order_id: string | null;
  readonly external_user_id: string | null;
  readonly provider_id: string | null;
  readonly kind: OrderFlagView['kind'];
  readonly provider_payment: string;
  readonly amount_minor: bigint;
  readonly currency: string;
  readonly merchant: string;
  readonly paid_at: Date;
  readonly seen_by: SeenBy;
  readonly refusal: string | null;
  readonly raised_at: Date;
  readonly position: bigint;
  readonly decision: FlagDecision | null;
  readonly settled_by: string;
  readonly settled_because: string;
  readonly settled_at: Date;
}

/** The state as a text of its own: of those that are open there is an index. */
const from = (
  state: FlagFilter['state'],
): string => `FROM ${schemaOf('orders')}.order_flags f LEFT JOIN ${schemaOf('accounts')}.accounts a USING (account_id)
  WHERE ($1::text IS NULL OR f.flag_id::text = $1) ${state === undefined ? '' : `AND f.decision IS ${state === 'open' ? '' : 'NOT'} NULL`}`;

/** The newest first. `before`: a place of the log. */
export async function listFlags(
  db: Queryable,
  { state, flagId }: FlagFilter,
  { before, limit }: { readonly before?: bigint | undefined; readonly limit: number },
): Promise<readonly OrderFlagView[]> {
  const { rows } = await db.query<Row>(
    `SELECT f.*, a.external_user_id ${from(state)} AND ($2::bigint IS NULL OR f.position < $2) ORDER BY f.position DESC LIMIT $3`,
    [flagId ?? null, before ?? null, limit],
  );
  return rows.map(viewOf);
}

/** Counted up to `most` and one. */
export async function countFlags(
  db: Queryable,
  { state, flagId }: FlagFilter,
  most: number,
): Promise<number> {
  const { rows } = await db.query<{ flags: bigint }>(
    `SELECT count(*) AS flags FROM (SELECT ${from(state)} LIMIT $2) found`,
    [flagId ?? null, most + 1],
  );
  return Number(rows[0]?.flags ?? 0);
}

const viewOf = (row: Row): OrderFlagView => ({
  flagId: row.flag_id,
  orderId: row.order_id,
  externalUserId: row.external_user_id,
  providerId: row.provider_id,
  kind: row.kind,
  providerPayment: row.provider_payment,
  amountMinor: row.amount_minor,
  currency: row.currency,
  merchant: row.merchant,
  paidAt: row.paid_at,
  seenBy: row.seen_by,
  refusal: row.refusal,
  raisedAt: row.raised_at,
  position: row.position,
  settled:
    row.decision === null
      ? undefined
      : { decision: row.decision, by: row.settled_by, reason: row.settled_because, at: row.settled_at },
});
