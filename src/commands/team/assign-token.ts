import { tokenDecider } from '../../domain/token/decide.js';
import type { Handler } from '../handling/command.js';
import { handle } from '../handling/handle.js';
import { accountIdOf } from '../handling/identifiers.js';
import { planOne, refused } from '../handling/plan.js';
import type { CommandDependencies } from '../handling/ports.js';
import { loadToken } from '../token/load-token.js';
import type { TeamCommands } from './commands.js';
import { loadMember, loadTeam } from './load-team.js';

/** Whoever is taken out of the team meanwhile has a key that nobody lets in: that somebody is a member is asked at each call. */
export function assignToken(dependencies: CommandDependencies): Handler<TeamCommands['assignToken']> {
  return ({ externalUserId, member, tokenId }, meta) =>
    handle(dependencies, 'assign-token', meta, async () => {
      const teamId = accountIdOf(externalUserId);
      const [team, token] = await Promise.all([
        loadTeam(dependencies, externalUserId),
        loadToken(dependencies, tokenId),
      ]);
      if (!team.state) return refused({ code: 'team_not_found' });
      const account = await loadMember(dependencies, member);
      if ('code' in account) return refused(account);
      const { accountId: memberId } = account;
      if (!team.state.members.has(memberId)) return refused({ code: 'team_member_not_found' });
      const command = { type: 'assign', accountId: teamId, memberId, by: meta.actor } as const;
      const decision = tokenDecider.decide(command, token.state);
      return planOne(token, decision, { teamId }, { guard: `token:${tokenId}` });
    });
}
