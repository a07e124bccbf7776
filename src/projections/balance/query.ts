import { MAX_BALANCE } from '../../domain/money/quota.js';
import { prepared } from '../../postgres/prepared.js';
import { type Queryable, schemaOf } from '../runtime/projection.js';
import type { BudgetKey, BudgetSnapshot } from '../../balance/cached-balance.js';

const CHECKPOINT =
  "checkpoint AS (SELECT position FROM projection_checkpoints WHERE projection = 'balance' AND slot = 'live')";

const OWN = `
  SELECT 'account:' || a.account_id AS budget, coalesce(b.balance, 0) AS balance, c.position, a.revision
  FROM checkpoint c
  CROSS JOIN ${schemaOf('accounts')}.accounts a LEFT JOIN ${schemaOf('balance')}.balances b USING (account_id)
  WHERE a.account_id = ANY($1::uuid[])
  UNION ALL
  SELECT 'token:' || t.token_id, coalesce(t.quota_limit, ${MAX_BALANCE}) - coalesce(u.used_quota, 0), c.position, t.revision
  FROM checkpoint c
  CROSS JOIN ${schemaOf('tokens')}.tokens t LEFT JOIN ${schemaOf('balance')}.token_usage u USING (token_id)
  WHERE t.token_id = ANY($2::bigint[])`;

const TEAMS = schemaOf('teams');

/** What of a budget is left in a period; of one that limits nothing any more as much as nobody has, so that what is held against it is freed. */
const LEFT = `coalesce(b.quota, ${MAX_BALANCE}) - coalesce(u.used_quota, 0)`;

const OF_TEAMS = `
  UNION ALL
  SELECT 'team:' || t.team_id, 0, c.position, t.revision
  FROM checkpoint c CROSS JOIN ${TEAMS}.teams t WHERE t.team_id = ANY($3::uuid[])
  UNION ALL
  SELECT 'budget:' || b.budget_id || ':' || asked.period, ${LEFT}, c.position, 0
  FROM checkpoint c
  CROSS JOIN unnest($4::uuid[], $5::text[]) AS asked (budget_id, period)
  JOIN ${TEAMS}.budgets b USING (budget_id)
  LEFT JOIN ${TEAMS}.budget_usage u ON u.budget_id = b.budget_id AND u.period = asked.period`;

/** Of the keys that were asked for, the periods of their teams' budgets in which a charge was counted since. */
const MOVED = `
  UNION
  SELECT 'budget:' || b.budget_id || ':' || u.period, ${LEFT}, c.position, 0
  FROM checkpoint c
  CROSS JOIN ${TEAMS}.team_keys k
  JOIN ${TEAMS}.budgets b ON b.team_id = k.team_id
  JOIN ${TEAMS}.budget_usage u ON u.budget_id = b.budget_id
  WHERE k.token_id = ANY($2::bigint[]) AND u.position > $6`;

/**
 * Budgets as the tables have them: an account's balance; of a key, what is left of its limit; of a team's budget, what is left of it in a
 * period. A key without a limit counts as limited to more than anybody can have: nothing is held against it, but its guard must be known. What
 * does not exist is left out. `position` is the checkpoint of the same snapshot: everything up to it is in the balance.
 *
 * @param movedSince a place of the log: what its charges moved of teams' budgets comes with their keys, whichever was asked for
 */
export async function readBudgets(
  db: Queryable,
  keys: readonly BudgetKey[],
  movedSince?: bigint,
): Promise<readonly BudgetSnapshot[]> {
  const ids = (kind: 'account' | 'token' | 'team') =>
    keys.filter((key) => key.startsWith(`${kind}:`)).map((key) => key.slice(kind.length + 1));
  const periods = keys.filter((key) => key.startsWith('budget:')).map((key) => key.split(':'));
  const teams = ids('team');
  const own = [ids('account'), ids('token')];
  // A call that is nobody's of a team asks for nothing of teams.
  if (movedSince === undefined && periods.length === 0 && teams.length === 0)
    return (await db.query<BudgetSnapshot>(prepared(`WITH ${CHECKPOINT} ${OWN}`, own))).rows;
  const { rows } = await db.query<BudgetSnapshot>(`WITH ${CHECKPOINT} ${OWN} ${OF_TEAMS} ${MOVED}`, [
    ...own,
    teams,
    periods.map(([, budgetId]) => budgetId),
    periods.map(([, , period]) => period),
    movedSince ?? MAX_BALANCE,
  ]);
  return rows;
}
