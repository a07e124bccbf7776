import { type Queryable, schemaOf } from '../../projections/runtime/projection.js';
import type { Finding } from './check.js';
import { compareTable } from './compare-table.js';
import type { Subscriptions } from './fold/subscriptions.js';

/** Plans, who subscribed to them, and what each period gave. */
export async function checkSubscriptions(
  tx: Queryable,
  subscriptions: Subscriptions,
): Promise<readonly Finding[]> {
  const schema = schemaOf('subscriptions');
  return [
    await compareTable(tx, {
      name: 'plans',
      table: `${schema}.plans`,
      keys: ['plan_id', 'version'],
      expected: subscriptions.plans,
    }),
    await compareTable(tx, {
      name: 'subscriptions',
      table: `${schema}.subscriptions`,
      keys: ['subscription_id'],
      expected: subscriptions.rows,
    }),
    await compareTable(tx, {
      name: 'periods of plans',
      table: `${schema}.subscription_periods`,
      keys: ['subscription_id', 'period'],
      expected: subscriptions.periodRows,
    }),
  ];
}
