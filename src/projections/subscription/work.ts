import { type Queryable, schemaOf } from '../runtime/projection.js';

const SCHEMA = schemaOf('subscriptions');
const IS_LIVE = `p.withdrawn_for = '' AND p.ends_at > $1`;

/** A period that gave less than it should have by now, or that is to be taken back. */
export interface DuePeriod {
  readonly subscriptionId: string;
  readonly period: number;
}

export async function duePeriods(db: Queryable, now: Date, limit: number): Promise<readonly DuePeriod[]> {
  const { rows } = await db.query<{ subscription_id: string; period: number }>(
    `SELECT p.subscription_id, p.period FROM ${SCHEMA}.subscription_periods p
     WHERE (${IS_LIVE} AND p.starts_at <= $1
            AND (p.grant_id IS NULL
                 OR (p.grant_status = 'over' AND p.grant_taken > 0 AND p.grant_times < p.times_restored)))
        OR (p.withdrawn_for <> '' AND p.grant_status = 'open')
     ORDER BY p.starts_at, p.position LIMIT $2`,
    [now, limit],
  );
  return rows.map(({ subscription_id: subscriptionId, period }) => ({ subscriptionId, period }));
}

/** Subscriptions of which no period is left. */
export async function dueSubscriptions(db: Queryable, now: Date, limit: number): Promise<readonly string[]> {
  const { rows } = await db.query<{ subscription_id: string }>(
    `SELECT s.subscription_id FROM ${SCHEMA}.subscriptions s
     WHERE s.status <> 'ended' AND NOT EXISTS (
       SELECT FROM ${SCHEMA}.subscription_periods p WHERE p.subscription_id = s.subscription_id AND ${IS_LIVE})
     ORDER BY s.position LIMIT $2`,
    [now, limit],
  );
  return rows.map(({ subscription_id }) => subscription_id);
}
