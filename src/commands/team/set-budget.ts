import type { Refusal } from '../../domain/refusal.js';
import { teamDecider } from '../../domain/team/decide.js';
import type { BudgetScope } from '../../domain/team/events.js';
import type { Handler } from '../handling/command.js';
import { handle } from '../handling/handle.js';
import { accountIdOf, budgetIdOf } from '../handling/identifiers.js';
import { planOne, refused } from '../handling/plan.js';
import type { CommandDependencies } from '../handling/ports.js';
import { loadToken } from '../token/load-token.js';
import type { SetBudget, TeamCommands } from './commands.js';
import { loadTeam } from './load-team.js';

/** What a member or a key may spend in each period, in force on every node before it answers: each call is held against it. */
export function setBudget(dependencies: CommandDependencies): Handler<TeamCommands['setBudget']> {
  return ({ externalUserId, of, quota, period, timezone }, meta) =>
    handle(dependencies, 'set-budget', meta, async () => {
      const teamId = accountIdOf(externalUserId);
      const team = await loadTeam(dependencies, externalUserId);
      if (!team.state) return refused({ code: 'team_not_found' });
      const scope = await scopeOf(dependencies, teamId, of);
      if ('code' in scope) return refused(scope);
      const budgetId = budgetIdOf(teamId, nameOf(scope));
      const terms = { quota, period, timezone };
      const budget = { team_id: teamId, budget_id: budgetId, scope, ...terms, by: meta.actor };
      const decision = teamDecider.decide({ type: 'set-budget', budget }, team.state);
      return planOne(team, decision, { teamId, budgetId }, { guard: `team:${teamId}` });
    });
}

const nameOf = (scope: BudgetScope): string =>
  scope.kind === 'member' ? `member ${scope.member_id}` : `key ${scope.token_id}`;

/** A key that is nobody's yet has no copy that the team's guard makes stale. */
async function scopeOf(
  dependencies: CommandDependencies,
  teamId: string,
  of: SetBudget['of'],
): Promise<BudgetScope | Refusal> {
  if ('member' in of) return { kind: 'member', member_id: accountIdOf(of.member) };
  const { state } = await loadToken(dependencies, of.tokenId);
  if (state?.accountId !== teamId || state.revoked) return { code: 'token_not_found' };
  if (state.memberId === undefined) return { code: 'token_not_assigned' };
  return { kind: 'key', token_id: of.tokenId };
}
