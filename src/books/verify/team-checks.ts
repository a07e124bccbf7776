import { type Queryable, schemaOf } from '../../projections/runtime/projection.js';
import type { Finding } from './check.js';
import { column, compareTable } from './compare-table.js';
import type { Teams } from './fold/teams.js';

/** Teams, their members and keys, and what of each budget was spent. */
export async function checkTeams(tx: Queryable, teams: Teams): Promise<readonly Finding[]> {
  const schema = schemaOf('teams');
  return [
    await compareTable(tx, {
      name: 'teams',
      table: `${schema}.teams`,
      keys: ['team_id'],
      expected: teams.teams,
      keyOf: column('team_id'),
    }),
    await compareTable(tx, {
      name: 'members of teams',
      table: `${schema}.team_members`,
      keys: ['team_id', 'member_id'],
      expected: teams.members,
      keyOf: ({ team_id, member_id }) => `${String(team_id)} ${String(member_id)}`,
    }),
    await compareTable(tx, {
      name: 'keys of members',
      table: `${schema}.team_keys`,
      keys: ['token_id'],
      expected: teams.keys,
      keyOf: column('token_id'),
    }),
    await compareTable(tx, {
      name: 'budgets',
      table: `${schema}.budgets`,
      keys: ['budget_id'],
      expected: teams.budgets,
      keyOf: column('budget_id'),
    }),
    await compareTable(tx, {
      name: 'budgets spent by period',
      table: `${schema}.budget_usage`,
      keys: ['budget_id', 'period'],
      expected: teams.usageRows,
      keyOf: ({ budget_id, period }) => `${String(budget_id)} ${String(period)}`,
    }),
  ];
}
