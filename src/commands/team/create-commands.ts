import { type TeamCommand, teamDecider } from '../../domain/team/decide.js';
import { loadAccount } from '../account/load-account.js';
import { checked, type CommandMeta, type CommandResult, type Handler } from '../handling/command.js';
import { handle } from '../handling/handle.js';
import { accountIdOf } from '../handling/identifiers.js';
import { planOne, refused } from '../handling/plan.js';
import type { CommandDependencies } from '../handling/ports.js';
import { assignToken } from './assign-token.js';
import type { TeamCommands } from './commands.js';
import { loadMember, loadTeam } from './load-team.js';
import { removeTeamMember } from './remove-member.js';
import { setBudget } from './set-budget.js';

export function createTeamCommands(dependencies: CommandDependencies): TeamCommands {
  return {
    createTeam: checked(whereOn(dependencies, createTeam(dependencies))),
    addTeamMember: checked(whereOn(dependencies, addTeamMember(dependencies))),
    removeTeamMember: checked(removeTeamMember(dependencies)),
    setBudget: checked(whereOn(dependencies, setBudget(dependencies))),
    assignToken: checked(whereOn(dependencies, assignToken(dependencies))),
  };
}

type Run<Input, Value> = (input: Input, meta: CommandMeta) => Promise<CommandResult<Value>>;

/** What would make a process of a version before stop. Taking a member out is no such thing where teams are: it is never refused. */
const whereOn =
  <Input, Value>({ hasTeams }: CommandDependencies, run: Run<Input, Value>): Run<Input, Value> =>
  (input, meta) =>
    hasTeams ? run(input, meta) : Promise.resolve({ ok: false, refusal: { code: 'teams_off' } });

function createTeam(dependencies: CommandDependencies): Handler<TeamCommands['createTeam']> {
  return ({ externalUserId, name }, meta) =>
    handle(dependencies, 'create-team', meta, async () => {
      const [account, team] = await Promise.all([
        loadAccount(dependencies, externalUserId),
        loadTeam(dependencies, externalUserId),
      ]);
      if (!account.state) return refused({ code: 'account_not_found' });
      if (account.state.erased) return refused({ code: 'account_erased' });
      const { accountId, userId } = account.state;
      const sealed = team.state ? name : await dependencies.vault.sealText(accountId, name);
      const created = { team_id: accountId, user_id: userId, team_name: sealed, by: meta.actor };
      const decision = teamDecider.decide({ type: 'create', team: created }, team.state);
      return planOne(team, decision, { teamId: accountId }, { guard: `team:${accountId}` });
    });
}

function addTeamMember(dependencies: CommandDependencies): Handler<TeamCommands['addTeamMember']> {
  return ({ externalUserId, member }, meta) =>
    handle(dependencies, 'add-team-member', meta, async () => {
      const teamId = accountIdOf(externalUserId);
      const team = await loadTeam(dependencies, externalUserId);
      if (!team.state) return refused({ code: 'team_not_found' });
      const account = await loadMember(dependencies, member);
      if ('code' in account) return refused(account);
      const { accountId: memberId, userId } = account;
      const command: TeamCommand = { type: 'add', memberId, userId, by: meta.actor };
      const decision = teamDecider.decide(command, team.state);
      return planOne(team, decision, { teamId }, { guard: `team:${teamId}` });
    });
}
