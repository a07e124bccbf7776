import { type Queryable, schemaOf } from '../../projections/runtime/projection.js';
import type { Finding } from './check.js';
import { compareTable } from './compare-table.js';
import type { Referrals } from './fold/referrals.js';

/** Who was invited by whom, what their orders brought, and the grants of it. */
export async function checkReferrals(
  tx: Queryable,
  { rows, rewards, grants }: Referrals,
): Promise<readonly Finding[]> {
  const schema = schemaOf('referrals');
  return [
    await compareTable(tx, {
      name: 'referrals',
      table: `${schema}.referrals`,
      keys: ['account_id'],
      expected: rows,
    }),
    await compareTable(tx, {
      name: 'rewards of referrals',
      table: `${schema}.referral_rewards`,
      keys: ['order_id'],
      expected: rewards,
    }),
    await compareTable(tx, {
      name: 'grants of rewards',
      table: `${schema}.reward_grants`,
      keys: ['grant_id'],
      expected: grants,
    }),
  ];
}
