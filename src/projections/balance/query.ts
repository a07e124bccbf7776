import { MAX_BALANCE } from '../../domain/money/quota.js';
import { type Queryable, schemaOf } from '../runtime/projection.js';
import type { BudgetKey, BudgetSnapshot } from '../../balance/cached-balance.js';

/**
 * Budgets as the tables have them: an account's balance; of a key, what is left of its limit. A key without one counts as limited to
 * more than anybody can have: nothing is held against it, but its guard must be known. What does not exist is left out. `position` is
 * the checkpoint of the same snapshot: everything up to it is in the balance.
 */
export async function readBudgets(
  db: Queryable,
  keys: readonly BudgetKey[],
): Promise<readonly BudgetSnapshot[]> {
  const ids = (kind: 'account' | 'token') =>
    keys.filter((key) => key.startsWith(`${kind}:`)).map((key) => key.slice(kind.length + 1));
  const { rows } = await db.query<BudgetSnapshot>(
    `WITH checkpoint AS (SELECT position FROM projection_checkpoints WHERE projection = 'balance' AND slot = 'live')
     SELECT 'account:' || a.account_id AS budget, coalesce(b.balance, 0) AS balance, c.position, a.revision
     FROM checkpoint c
     CROSS JOIN ${schemaOf('accounts')}.accounts a LEFT JOIN ${schemaOf('balance')}.balances b USING (account_id)
     WHERE a.account_id = ANY($1::uuid[])
     UNION ALL
     SELECT 'token:' || t.token_id, coalesce(t.quota_limit, ${MAX_BALANCE}) - coalesce(u.used_quota, 0), c.position, t.revision
     FROM checkpoint c
     CROSS JOIN ${schemaOf('tokens')}.tokens t LEFT JOIN ${schemaOf('balance')}.token_usage u USING (token_id)
     WHERE t.token_id = ANY($2::bigint[])`,
    [ids('account'), ids('token')],
  );
  return rows;
}
