import { orderOfReward } from '../../domain/referral/source.js';
import { isOneOf, type LedgerEvent, type Projection, type Queryable } from '../runtime/projection.js';
import { jsonRows } from '../runtime/rows.js';
import { ddl } from './table.js';

/** Who was invited by whom, and what their orders brought. That it was given say the grants whose source is the order. */
export const referrals: Projection = {
  name: 'referrals',
  group: 'ledger',
  version: '1',
  tables: ['referrals', 'referral_rewards', 'reward_grants'],
  handles: ['referral-bound', 'referral-earned', 'grant-given', 'grant-withdrawn'],
  ddl,
  async apply(tx, schema, events) {
    await bind(tx, schema, events);
    await earn(tx, schema, events);
    await give(tx, schema, events);
    await withdraw(tx, schema, events);
  },
};

async function bind(tx: Queryable, schema: string, events: readonly LedgerEvent[]): Promise<void> {
  const rows = events
    .filter((event) => isOneOf(event, 'referral-bound'))
    .map(({ data: { account_id, inviter_id, by: bound_by }, position, recordedAt: bound_at }) => ({
      ...{ account_id, inviter_id, bound_by, position: position.toString(), bound_at },
    }));
  if (rows.length === 0) return;
  await tx.query(
    `INSERT INTO ${schema}.referrals (account_id, inviter_id, bound_by, position, bound_at)
     SELECT row.* FROM json_to_recordset($1) AS row (account_id uuid, inviter_id uuid, bound_by text, position bigint, bound_at timestamptz)`,
    [jsonRows(rows)],
  );
}

async function earn(tx: Queryable, schema: string, events: readonly LedgerEvent[]): Promise<void> {
  const rows = events
    .filter((event) => isOneOf(event, 'referral-earned'))
    .map(({ data: { credited, quota, ...data }, position, recordedAt: earned_at }) => ({
      ...{ ...data, credited: credited.toString(), quota: quota.toString() },
      ...{ position: position.toString(), earned_at },
    }));
  if (rows.length === 0) return;
  await tx.query(
    `INSERT INTO ${schema}.referral_rewards (order_id, account_id, inviter_id, credited, quota, limited_by, due_at, position, earned_at,
                                             given, withdrawn)
     SELECT row.*, 0, 0
     FROM json_to_recordset($1) AS row (order_id text, account_id uuid, inviter_id uuid, credited bigint, quota bigint, limited_by text,
                                        due_at timestamptz, position bigint, earned_at timestamptz)`,
    [jsonRows(rows)],
  );
}

async function give(tx: Queryable, schema: string, events: readonly LedgerEvent[]): Promise<void> {
  const rows = events.flatMap((event) => {
    const order_id = isOneOf(event, 'grant-given') ? orderOfReward(event.data.source) : undefined;
    if (order_id === undefined || !isOneOf(event, 'grant-given')) return [];
    const { grant_id, quota } = event.data;
    return [{ grant_id, order_id, quota: quota.toString() }];
  });
  if (rows.length === 0) return;
  await tx.query(
    `WITH given AS (SELECT * FROM json_to_recordset($1) AS row (grant_id uuid, order_id text, quota bigint)),
     kept AS (INSERT INTO ${schema}.reward_grants (grant_id, order_id) SELECT grant_id, order_id FROM given)
     UPDATE ${schema}.referral_rewards r SET given = r.given + sums.quota
     FROM (SELECT order_id, sum(quota)::bigint AS quota FROM given GROUP BY order_id) sums WHERE r.order_id = sums.order_id`,
    [jsonRows(rows)],
  );
}

async function withdraw(tx: Queryable, schema: string, events: readonly LedgerEvent[]): Promise<void> {
  const rows = events
    .filter((event) => isOneOf(event, 'grant-withdrawn'))
    .map(({ data: { grant_id, quota } }) => ({ grant_id, quota: quota.toString() }));
  if (rows.length === 0) return;
  await tx.query(
    `UPDATE ${schema}.referral_rewards r SET withdrawn = r.withdrawn + sums.quota
     FROM (SELECT g.order_id, sum(row.quota)::bigint AS quota
           FROM json_to_recordset($1) AS row (grant_id uuid, quota bigint) JOIN ${schema}.reward_grants g USING (grant_id)
           GROUP BY g.order_id) sums
     WHERE r.order_id = sums.order_id`,
    [jsonRows(rows)],
  );
}
