import { type Queryable, schemaOf } from '../../projections/runtime/projection.js';
import type { Finding } from './check.js';
import { compareTable } from './compare-table.js';
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
    }),
    await compareTable(tx, {
      name: 'members of teams',
      table: `${schema}.team_members`,
      keys: ['team_id', 'member_id'],
      expected: teams.members,
    }),
    await compareTable(tx, {
      name: 'keys of members',
      table: `${schema}.team_keys`,
      keys: ['token_id'],
      expected: teams.keys,
    }),
    await compareTable(tx, {
      name: 'budgets',
      table: `${schema}.budgets`,
      keys: ['budget_id'],
      expected: teams.budgets,
    }),
    await compareTable(tx, {
      name: 'budgets spent by period',
      table: `${schema}.budget_usage`,
      keys: ['budget_id', 'period'],
      expected: teams.usageRows,
    }),
  ];
}
