import { type Queryable, schemaOf } from '../runtime/projection.js';
import { referrals } from './projector.js';

const SCHEMA = schemaOf(referrals.name);
const [REFERRALS, REWARDS, ACCOUNTS] = [
  `${SCHEMA}.referrals`,
  `${SCHEMA}.referral_rewards`,
  `${schemaOf('accounts')}.accounts`,
];

/** What orders brought to whoever invited their users. */
export interface RewardSums {
  /** Orders that were credited. */
  readonly orders: number;
  /** Fixed, and not due yet. */
  readonly pending: bigint;
  readonly given: bigint;
  /** Of that, with money that went back. */
  readonly withdrawn: bigint;
}

/** Somebody who was invited, and what that brought. */
export interface ReferralView extends RewardSums {
  readonly externalUserId: string;
  readonly inviterExternalUserId: string;
  readonly boundBy: string;
  readonly boundAt: Date;
  readonly position: bigint;
}

export interface ReferralFilter {
  /** Whom this account invited. */
  readonly inviterId?: string | undefined;
  /** Where this user was invited or invited somebody. */
  readonly externalUserId?: string | undefined;
}

interface Row extends Omit<ReferralView, 'orders'> {
  readonly orders: bigint;
}

const SUMS = `count(*) AS orders, coalesce(sum(quota) FILTER (WHERE given = 0 AND due_at > $1), 0)::bigint AS pending,
  coalesce(sum(given), 0)::bigint AS given, coalesce(sum(withdrawn), 0)::bigint AS withdrawn`;
const MATCHING = `${REFERRALS} r JOIN ${ACCOUNTS} invited ON invited.account_id = r.account_id
  JOIN ${ACCOUNTS} inviter ON inviter.account_id = r.inviter_id
  WHERE ($2::uuid IS NULL OR r.inviter_id = $2)
    AND ($3::text IS NULL OR invited.external_user_id = $3 OR inviter.external_user_id = $3)`;

interface Asked {
  readonly filter: ReferralFilter;
  readonly now: Date;
}

/** The newest first. `before`: a place of the log. */
export async function listReferrals(
  db: Queryable,
  { filter: { inviterId, externalUserId }, now }: Asked,
  { before, limit }: { readonly before?: bigint | undefined; readonly limit: number },
): Promise<readonly ReferralView[]> {
  const { rows } = await db.query<Row>(
    `SELECT invited.external_user_id AS "externalUserId", inviter.external_user_id AS "inviterExternalUserId",
            r.bound_by AS "boundBy", r.bound_at AS "boundAt", r.position, sums.*
     FROM (SELECT r.* FROM ${MATCHING} AND ($4::bigint IS NULL OR r.position < $4) ORDER BY r.position DESC LIMIT $5) r
     JOIN ${ACCOUNTS} invited ON invited.account_id = r.account_id JOIN ${ACCOUNTS} inviter ON inviter.account_id = r.inviter_id
     CROSS JOIN LATERAL (SELECT ${SUMS} FROM ${REWARDS} w WHERE w.account_id = r.account_id) sums
     ORDER BY r.position DESC`,
    [now, inviterId ?? null, externalUserId ?? null, before ?? null, limit],
  );
  return rows.map((row) => ({ ...row, orders: Number(row.orders) }));
}

/** Counted up to `most` and one. */
export async function countReferrals(
  db: Queryable,
  { filter: { inviterId, externalUserId }, now }: Asked,
  most: number,
): Promise<number> {
  const { rows } = await db.query<{ referrals: bigint }>(
    `SELECT count(*) AS referrals FROM (SELECT $1::timestamptz FROM ${MATCHING} LIMIT $4) found`,
    [now, inviterId ?? null, externalUserId ?? null, most + 1],
  );
  return Number(rows[0]?.referrals ?? 0);
}

/** What an account got for all whom it invited. */
export async function rewardSums(db: Queryable, inviterId: string, now: Date): Promise<RewardSums> {
  const { rows } = await db.query<Omit<RewardSums, 'orders'> & { readonly orders: bigint }>(
    `SELECT ${SUMS} FROM ${REWARDS} WHERE inviter_id = $2`,
    [now, inviterId],
  );
  const { orders = 0n, pending = 0n, given = 0n, withdrawn = 0n } = rows[0] ?? {};
  return { orders: Number(orders), pending, given, withdrawn };
}
