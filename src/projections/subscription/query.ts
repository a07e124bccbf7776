import { type Queryable, schemaOf } from '../runtime/projection.js';

const SCHEMA = schemaOf('subscriptions');
const [PLANS, SUBSCRIPTIONS, PERIODS] = [
  `${SCHEMA}.plans`,
  `${SCHEMA}.subscriptions`,
  `${SCHEMA}.subscription_periods`,
];
const [GRANTS, LOTS, ACCOUNTS] = [
  `${schemaOf('grants')}.grants`,
  `${schemaOf('grants')}.lots`,
  `${schemaOf('accounts')}.accounts`,
];

/** What is sold by the period, in its newest version. */
export interface PlanView {
  readonly planId: string;
  readonly version: number;
  readonly name: string;
  readonly description: string;
  /** Of a period. */
  readonly quota: bigint;
  readonly months: number;
  readonly prices: readonly { readonly currency: string; readonly minor: bigint }[];
  readonly priority: number;
  readonly isOffered: boolean;
  readonly publishedBy: string;
  readonly publishedAt: Date;
  /** Subscriptions to it that go on. */
  readonly subscribers: number;
}

interface PlanRow {
  readonly plan_id: string;
  readonly version: number;
  readonly name: string;
  readonly description: string;
  readonly quota: bigint;
  readonly months: number;
  readonly prices: string;
  readonly priority: number;
  readonly is_offered: boolean;
  readonly published_by: string;
  readonly published_at: Date;
  readonly subscribers: bigint;
}

/** By name. @param planId of one alone */
export async function listPlans(db: Queryable, planId?: string): Promise<readonly PlanView[]> {
  const { rows } = await db.query<PlanRow>(
    `SELECT DISTINCT ON (p.plan_id) p.*, (SELECT count(*) FROM ${SUBSCRIPTIONS} s
       WHERE s.plan_id = p.plan_id AND s.status <> 'ended') AS subscribers
     FROM ${PLANS} p WHERE $1::text IS NULL OR p.plan_id = $1 ORDER BY p.plan_id, p.version DESC`,
    [planId ?? null],
  );
  return rows.map((row) => ({
    planId: row.plan_id,
    version: row.version,
    name: row.name,
    description: row.description,
    quota: row.quota,
    months: row.months,
    prices: (JSON.parse(row.prices) as { currency: string; minor: string }[]).map(({ currency, minor }) => ({
      currency,
      minor: BigInt(minor),
    })),
    priority: row.priority,
    isOffered: row.is_offered,
    publishedBy: row.published_by,
    publishedAt: row.published_at,
    subscribers: Number(row.subscribers),
  }));
}

export interface SubscriptionFilter {
  readonly accountId?: string | undefined;
  readonly externalUserId?: string | undefined;
  readonly planId?: string | undefined;
  readonly state?: 'open' | 'over' | undefined;
}

/** A period of a plan that was paid for. */
export interface PeriodView {
  readonly period: number;
  readonly planVersion: number;
  readonly orderId: string;
  readonly quota: bigint;
  /** What of it is in the balance. */
  readonly remaining: bigint;
  readonly startsAt: Date;
  readonly endsAt: Date;
  /** Its money goes back. */
  readonly isReturned: boolean;
}

export interface SubscriptionView {
  readonly subscriptionId: string;
  readonly externalUserId: string;
  readonly planId: string;
  readonly planName: string;
  readonly status: 'active' | 'cancelled' | 'ended';
  readonly endedBecause: 'over' | 'returned' | null;
  /** The newest first. */
  readonly periods: readonly PeriodView[];
  readonly position: bigint;
}

interface SubscriptionRow {
  readonly subscription_id: string;
  readonly external_user_id: string | null;
  readonly plan_id: string;
  readonly plan_name: string | null;
  readonly status: SubscriptionView['status'];
  readonly ended_because: SubscriptionView['endedBecause'];
  readonly position: bigint;
}

interface PeriodRow {
  readonly subscription_id: string;
  readonly period: number;
  readonly plan_version: number;
  readonly order_id: string;
  readonly quota: bigint;
  readonly remaining: bigint | null;
  readonly starts_at: Date;
  readonly ends_at: Date;
  readonly withdrawn_for: string;
}

const FROM = `FROM ${SUBSCRIPTIONS} s LEFT JOIN ${ACCOUNTS} a USING (account_id)`;
const MATCHES = `($1::uuid IS NULL OR s.account_id = $1) AND ($2::text IS NULL OR a.external_user_id = $2)
  AND ($3::text IS NULL OR s.plan_id = $3) AND ($4::text IS NULL OR (s.status <> 'ended') = ($4 = 'open'))`;

const valuesOf = ({ accountId, externalUserId, planId, state }: SubscriptionFilter) => [
  accountId ?? null,
  externalUserId ?? null,
  planId ?? null,
  state ?? null,
];

/** Of a subscription's periods, the newest. */
const PERIODS_SHOWN = 24;

/** The newest first. `before`: a place of the log. */
export async function listSubscriptions(
  db: Queryable,
  filter: SubscriptionFilter,
  { before, limit }: { readonly before?: bigint | undefined; readonly limit: number },
): Promise<readonly SubscriptionView[]> {
  const { rows } = await db.query<SubscriptionRow>(
    `SELECT s.*, a.external_user_id,
       (SELECT p.name FROM ${PLANS} p WHERE p.plan_id = s.plan_id ORDER BY p.version DESC LIMIT 1) AS plan_name
     ${FROM} WHERE ${MATCHES} AND ($5::bigint IS NULL OR s.position < $5) ORDER BY s.position DESC LIMIT $6`,
    [...valuesOf(filter), before ?? null, limit],
  );
  const periods = await periodsOf(
    db,
    rows.map(({ subscription_id }) => subscription_id),
  );
  return rows.map((row) => ({
    subscriptionId: row.subscription_id,
    externalUserId: row.external_user_id ?? '',
    planId: row.plan_id,
    planName: row.plan_name ?? row.plan_id,
    status: row.status,
    endedBecause: row.ended_because,
    periods: periods.get(row.subscription_id) ?? [],
    position: row.position,
  }));
}

async function periodsOf(
  db: Queryable,
  subscriptionIds: readonly string[],
): Promise<ReadonlyMap<string, readonly PeriodView[]>> {
  const { rows } = await db.query<PeriodRow>(
    `SELECT p.*, l.remaining
     FROM unnest($1::uuid[]) AS wanted (id)
     JOIN LATERAL (SELECT * FROM ${PERIODS} WHERE subscription_id = wanted.id ORDER BY period DESC LIMIT ${PERIODS_SHOWN}) p ON true
     LEFT JOIN ${GRANTS} g ON g.grant_id = p.grant_id
     LEFT JOIN ${LOTS} l ON l.position = g.position
     ORDER BY p.period DESC`,
    [subscriptionIds],
  );
  const found = new Map<string, PeriodView[]>(subscriptionIds.map((id) => [id, []]));
  for (const row of rows)
    found.get(row.subscription_id)?.push({
      period: row.period,
      planVersion: row.plan_version,
      orderId: row.order_id,
      quota: row.quota,
      remaining: row.remaining ?? 0n,
      startsAt: row.starts_at,
      endsAt: row.ends_at,
      isReturned: row.withdrawn_for !== '',
    });
  return found;
}

/** Counted up to `most` and one. */
export async function countSubscriptions(
  db: Queryable,
  filter: SubscriptionFilter,
  most: number,
): Promise<number> {
  const { rows } = await db.query<{ subscriptions: bigint }>(
    `SELECT count(*) AS subscriptions FROM (SELECT ${FROM} WHERE ${MATCHES} LIMIT $5) found`,
    [...valuesOf(filter), most + 1],
  );
  return Number(rows[0]?.subscriptions ?? 0);
}
