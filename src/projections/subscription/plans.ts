import { isOneOf, type LedgerEvent, type Queryable } from '../runtime/projection.js';
import { jsonRows } from '../runtime/rows.js';

/** Each version as it was published. */
export async function projectPlans(
  tx: Queryable,
  schema: string,
  events: readonly LedgerEvent[],
): Promise<void> {
  const rows = events
    .filter((event) => isOneOf(event, 'plan-published'))
    .map(({ data: { by: published_by, quota, prices, ...data }, position, recordedAt: published_at }) => ({
      ...data,
      ...{ published_by, quota: quota.toString(), position: position.toString(), published_at },
      prices: JSON.stringify(prices.map(({ currency, minor }) => ({ currency, minor: minor.toString() }))),
    }));
  if (rows.length === 0) return;
  await tx.query(
    `INSERT INTO ${schema}.plans (plan_id, version, name, description, quota, months, prices, priority, is_offered, published_by,
                                  published_at, position)
     SELECT row.*
     FROM json_to_recordset($1) AS row (plan_id text, version integer, name text, description text, quota bigint, months integer,
                                        prices text, priority integer, is_offered boolean, published_by text, published_at timestamptz,
                                        position bigint)`,
    [jsonRows(rows)],
  );
}
