import { type Queryable, schemaOf } from '../runtime/projection.js';

const [GRANTS, LOTS, ACCOUNTS] = [
  `${schemaOf('grants')}.grants`,
  `${schemaOf('grants')}.lots`,
  `${schemaOf('accounts')}.accounts`,
];

/** Quota that was given, and what of it is left. */
export interface GrantView {
  readonly grantId: string;
  readonly externalUserId: string;
  readonly kind: string;
  readonly source: string;
  readonly quota: bigint;
  readonly remaining: bigint;
  readonly priority: number;
  readonly endsAt: Date | null;
  readonly reason: string;
  readonly givenBy: string;
  readonly givenAt: Date;
  readonly status: 'open' | 'closed' | 'expired' | 'withdrawn';
  readonly endedAt: Date | null;
  readonly expired: bigint;
  readonly withdrawn: bigint;
  readonly withdrawnBy: string | null;
  readonly withdrawnBecause: string | null;
  readonly position: bigint;
}

export interface GrantFilter {
  readonly accountId?: string | undefined;
  readonly externalUserId?: string | undefined;
  /** `open`: something of it may be left. */
  readonly state?: 'open' | 'over' | undefined;
}

interface Row {
  readonly grant_id: string;
  readonly external_user_id: string | null;
  readonly kind: string;
  readonly source: string;
  readonly quota: bigint;
  readonly remaining: bigint;
  readonly priority: number;
  readonly ends_at: Date | null;
  readonly reason: string;
  readonly given_by: string;
  readonly given_at: Date;
  readonly status: GrantView['status'];
  readonly ended_at: Date | null;
  readonly expired: bigint;
  readonly withdrawn: bigint;
  readonly withdrawn_by: string | null;
  readonly withdrawn_because: string | null;
  readonly position: bigint;
}

const SELECT = `SELECT g.*, l.remaining, a.external_user_id FROM ${GRANTS} g
  JOIN ${LOTS} l USING (position) LEFT JOIN ${ACCOUNTS} a ON a.account_id = g.account_id`;
const IS_OPEN = `g.status IN ('open', 'closed') AND l.remaining > 0`;
const MATCHES = `($1::uuid IS NULL OR g.account_id = $1) AND ($2::text IS NULL OR a.external_user_id = $2)
  AND ($3::text IS NULL OR (${IS_OPEN}) = ($3 = 'open'))`;

/** The newest first. `before`: a place of the log. */
export async function listGrants(
  db: Queryable,
  { accountId, externalUserId, state }: GrantFilter,
  { before, limit }: { readonly before?: bigint | undefined; readonly limit: number },
): Promise<readonly GrantView[]> {
  const { rows } = await db.query<Row>(
    `${SELECT} WHERE ${MATCHES} AND ($4::bigint IS NULL OR (g.position < $4 AND l.position < $4)) ORDER BY g.position DESC LIMIT $5`,
    [accountId ?? null, externalUserId ?? null, state ?? null, before ?? null, limit],
  );
  return rows.map(viewOf);
}

/** Counted up to `most` and one. */
export async function countGrants(
  db: Queryable,
  { accountId, externalUserId, state }: GrantFilter,
  most: number,
): Promise<number> {
  const { rows } = await db.query<{ grants: bigint }>(
    `SELECT count(*) AS grants FROM (
       SELECT FROM ${GRANTS} g JOIN ${LOTS} l USING (position) LEFT JOIN ${ACCOUNTS} a ON a.account_id = g.account_id
       WHERE ${MATCHES} LIMIT $4) found`,
    [accountId ?? null, externalUserId ?? null, state ?? null, most + 1],
  );
  return Number(rows[0]?.grants ?? 0);
}

export async function findGrant(db: Queryable, grantId: string): Promise<GrantView | undefined> {
  const { rows } = await db.query<Row>(`${SELECT} WHERE g.grant_id = $1`, [grantId]);
  return rows[0] && viewOf(rows[0]);
}

/** What is left of it, and what was withdrawn; undefined where the tables do not have it yet. */
export async function leftOfGrant(
  db: Queryable,
  grantId: string,
): Promise<{ readonly left: bigint; readonly withdrawn: bigint } | undefined> {
  const { rows } = await db.query<{ left: bigint; withdrawn: bigint }>(
    `SELECT l.remaining AS left, g.withdrawn FROM ${GRANTS} g JOIN ${LOTS} l USING (position) WHERE g.grant_id = $1`,
    [grantId],
  );
  return rows[0];
}

/** A grant that is to be closed, or to be taken what is left of. */
export interface DueGrant {
  readonly grantId: string;
  readonly accountId: string;
  readonly isClosed: boolean;
  readonly remaining: bigint;
}

/** Grants whose time is over, and those that were closed. */
export async function dueGrants(db: Queryable, now: Date, limit: number): Promise<readonly DueGrant[]> {
  const { rows } = await db.query<{
    grant_id: string;
    account_id: string;
    status: string;
    remaining: bigint;
  }>(
    `SELECT g.grant_id, g.account_id, g.status, l.remaining FROM ${GRANTS} g JOIN ${LOTS} l USING (position)
     WHERE g.status = 'closed' OR (g.status = 'open' AND g.ends_at <= $1) ORDER BY g.ends_at, g.position LIMIT $2`,
    [now, limit],
  );
  return rows.map((row) => ({
    grantId: row.grant_id,
    accountId: row.account_id,
    isClosed: row.status === 'closed',
    remaining: row.remaining,
  }));
}

const viewOf = (row: Row): GrantView => ({
  grantId: row.grant_id,
  externalUserId: row.external_user_id ?? '',
  kind: row.kind,
  source: row.source,
  quota: row.quota,
  remaining: row.remaining,
  priority: row.priority,
  endsAt: row.ends_at,
  reason: row.reason,
  givenBy: row.given_by,
  givenAt: row.given_at,
  status: row.status,
  endedAt: row.ended_at,
  expired: row.expired,
  withdrawn: row.withdrawn,
  withdrawnBy: row.withdrawn_by,
  withdrawnBecause: row.withdrawn_because,
  position: row.position,
});
