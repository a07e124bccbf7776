import type { TeamCommands } from '../../../commands/team/commands.js';
import type { ReadModels } from '../../../projections/read-models.js';
import type { AccountView } from '../../../projections/account/view.js';
import type { Asked } from '../../area-contexts.js';
import type { TeamDesk } from './endpoints.js';

interface Parts extends Pick<Asked, 'meta' | 'now'> {
  readonly commands: TeamCommands;
  readonly readModels: Pick<ReadModels, 'team'>;
}

/** For whoever may name any account. */
export function teamDeskOf(
  { accountId, externalUserId }: Pick<AccountView, 'accountId' | 'externalUserId'>,
  { commands, readModels, meta, now }: Parts,
): TeamDesk {
  return {
    find: () => readModels.team(accountId, now),
    create: (name) => commands.createTeam({ externalUserId, name }, meta),
    add: (member) => commands.addTeamMember({ externalUserId, member }, meta),
    remove: (member, reason) => commands.removeTeamMember({ externalUserId, member, reason }, meta),
    setBudget: (budget) => commands.setBudget({ externalUserId, ...budget }, meta),
    assign: (tokenId, member) => commands.assignToken({ externalUserId, tokenId, member }, meta),
  };
}
