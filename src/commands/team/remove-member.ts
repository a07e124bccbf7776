import { teamDecider } from '../../domain/team/decide.js';
import { loadToken } from '../token/load-token.js';
import type { CommandMeta, Handler } from '../handling/command.js';
import { handle } from '../handling/handle.js';
import { accountIdOf } from '../handling/identifiers.js';
import { planOne, refused } from '../handling/plan.js';
import type { CommandDependencies } from '../handling/ports.js';
import { revocationsOf } from '../handling/revocations.js';
import type { TeamCommands } from './commands.js';
import { loadTeam } from './load-team.js';

/** The log takes 256 events in one append; the team's own is among them. */
const TOKENS_AT_ONCE = 200;

/**
 * Takes somebody out of a team and revokes the keys that they have of it. The team's event comes first, and its guard makes every copy of
 * their keys stale: a process that dies behind it has left no key that is let in, and the same command again revokes the rest.
 */
export function removeTeamMember(
  dependencies: CommandDependencies,
): Handler<TeamCommands['removeTeamMember']> {
  return async ({ externalUserId, member, reason }, meta) => {
    const [teamId, memberId] = [accountIdOf(externalUserId), accountIdOf(member)];
    let tokens: readonly number[] = [];
    const removed = await handle(dependencies, 'remove-team-member', meta, async () => {
      const team = await loadTeam(dependencies, externalUserId);
      if (!team.state) return refused({ code: 'team_not_found' });
      const sealed = reason === undefined ? undefined : await dependencies.vault.sealText(teamId, reason);
      const command = { type: 'remove', memberId, reason: sealed, by: meta.actor } as const;
      const plan = planOne(
        team,
        teamDecider.decide(command, team.state),
        { teamId },
        { guard: `team:${teamId}` },
      );
      if (plan.kind === 'refused') return plan;
      tokens = await tokensOfMember(dependencies, teamId, memberId);
      const revoked = await revocationsOf(dependencies, tokens.slice(0, TOKENS_AT_ONCE), meta.actor);
      return {
        ...plan,
        writes: [...plan.writes, ...revoked.writes],
        guards: [...(plan.guards ?? []), ...revoked.guards],
      };
    });
    if (!removed.ok || tokens.length <= TOKENS_AT_ONCE) return removed;
    return { ...removed, position: await revokeRest(dependencies, tokens.slice(TOKENS_AT_ONCE), meta) };
  };
}

async function tokensOfMember(
  dependencies: CommandDependencies,
  teamId: string,
  memberId: string,
): Promise<readonly number[]> {
  const all = await dependencies.tokensOf(teamId);
  const tokens = await Promise.all(all.map((tokenId) => loadToken(dependencies, tokenId)));
  return tokens.flatMap(({ state }) => (state?.memberId === memberId ? [state.tokenId] : []));
}

async function revokeRest(
  dependencies: CommandDependencies,
  tokens: readonly number[],
  meta: CommandMeta,
): Promise<bigint> {
  let position = -1n;
  for (let from = 0; from < tokens.length; from += TOKENS_AT_ONCE) {
    const some = tokens.slice(from, from + TOKENS_AT_ONCE);
    const before = position;
    const revoked = await handle(dependencies, 'remove-team-member', meta, async () => ({
      kind: 'accepted' as const,
      ...(await revocationsOf(dependencies, some, meta.actor)),
      ...{ value: undefined, position: before, replayed: false },
    }));
    if (revoked.ok) position = revoked.position;
  }
  return position;
}
