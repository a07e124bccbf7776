import { isOneOf, type LedgerEvent, type Queryable } from '../runtime/projection.js';
import { jsonRows } from '../runtime/rows.js';
import { type PeriodRow, periodOfSource, Standing, type SubscriptionRow } from './standing.js';

/** Of the subscriptions of a batch: what they were, each event in the order of the log, and what they are then. */
export async function projectSubscriptions(
  tx: Queryable,
  schema: string,
  events: readonly LedgerEvent[],
): Promise<void> {
  const named = new Set(events.flatMap(subscriptionOf));
  const grants = events.flatMap((event) =>
    isOneOf(event, 'grant-closed', 'grant-expired', 'grant-withdrawn') ? [event.data.grant_id] : [],
  );
  if (named.size === 0 && grants.length === 0) return;
  const standing = await read(tx, schema, [...named], grants);
  const before = {
    subscriptions: new Set(standing.subscriptions.values()),
    periods: new Set(standing.periods.values()),
  };
  for (const event of events) standing.apply(event);
  const changed = [...standing.subscriptions.values()].filter((row) => !before.subscriptions.has(row));
  await writeSubscriptions(tx, schema, changed);
  await writePeriods(
    tx,
    schema,
    [...standing.periods.values()].filter((row) => !before.periods.has(row)),
  );
}

function subscriptionOf(event: LedgerEvent): readonly string[] {
  if ('subscription_id' in event.data && event.type !== 'order-plan-chosen')
    return [event.data.subscription_id];
  if (!isOneOf(event, 'grant-given')) return [];
  const found = periodOfSource(event.data.source);
  return found ? [found.subscriptionId] : [];
}

async function read(
  tx: Queryable,
  schema: string,
  ids: readonly string[],
  grants: readonly string[],
): Promise<Standing> {
  const { rows: periods } = await tx.query<PeriodRow>(
    `SELECT * FROM ${schema}.subscription_periods
     WHERE subscription_id = ANY ($1::uuid[]) OR grant_id = ANY ($2::uuid[])`,
    [ids, grants],
  );
  const { rows: subscriptions } = await tx.query<SubscriptionRow>(
    `SELECT * FROM ${schema}.subscriptions WHERE subscription_id = ANY ($1::uuid[])`,
    [ids],
  );
  return new Standing(subscriptions, periods);
}

async function writeSubscriptions(
  tx: Queryable,
  schema: string,
  rows: readonly SubscriptionRow[],
): Promise<void> {
  if (rows.length === 0) return;
  await tx.query(
    `INSERT INTO ${schema}.subscriptions (subscription_id, account_id, plan_id, status, ended_because, anchored_at, changed_at, position)
     SELECT subscription_id, account_id, plan_id, status, ended_because, anchored_at, changed_at, position
     FROM json_to_recordset($1) AS row (subscription_id uuid, account_id uuid, plan_id text, status text, ended_because text,
                                        anchored_at timestamptz, changed_at timestamptz, position bigint)
     ON CONFLICT (subscription_id) DO UPDATE
     SET status = excluded.status, ended_because = excluded.ended_because, anchored_at = excluded.anchored_at,
         changed_at = excluded.changed_at`,
    [jsonRows(rows.map((row) => ({ ...row, position: row.position.toString() })))],
  );
}

async function writePeriods(tx: Queryable, schema: string, periods: readonly PeriodRow[]): Promise<void> {
  if (periods.length === 0) return;
  const rows = periods.map((row) => ({
    ...row,
    ...{ quota: row.quota.toString(), position: row.position.toString() },
    grant_taken: row.grant_taken.toString(),
  }));
  await tx.query(
    `INSERT INTO ${schema}.subscription_periods (subscription_id, period, account_id, plan_version, order_id, quota, starts_at, ends_at,
                                                 withdrawn_for, times_restored, grant_id, grant_times, grant_status, grant_taken, position)
     SELECT subscription_id, period, account_id, plan_version, order_id, quota, starts_at, ends_at,
            withdrawn_for, times_restored, grant_id, grant_times, grant_status, grant_taken, position
     FROM json_to_recordset($1) AS row (subscription_id uuid, period integer, account_id uuid, plan_version integer, order_id text,
                                        quota bigint, starts_at timestamptz, ends_at timestamptz, withdrawn_for text,
                                        times_restored integer, grant_id uuid, grant_times integer, grant_status text, grant_taken bigint,
                                        position bigint)
     ON CONFLICT (subscription_id, period) DO UPDATE
     SET withdrawn_for = excluded.withdrawn_for, times_restored = excluded.times_restored, grant_id = excluded.grant_id,
         grant_times = excluded.grant_times, grant_status = excluded.grant_status, grant_taken = excluded.grant_taken`,
    [jsonRows(rows)],
  );
}
