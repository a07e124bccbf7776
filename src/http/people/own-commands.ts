import type { AccountCommands, ChangeProfile } from '../../commands/account/commands.js';
import type { CodeCommands, RedeemCode } from '../../commands/code/commands.js';
import type { CommandMeta } from '../../commands/handling/command.js';
import type { SubscriptionCommands } from '../../commands/subscription/commands.js';
import type { AssignToken, RemoveTeamMember, SetBudget, TeamCommands } from '../../commands/team/commands.js';
import type { ChangeToken, IssueToken, TokenCommands } from '../../commands/token/commands.js';
import type { SignedInPerson } from './ports/person.js';

type OfOwn<Input> = Omit<Input, 'externalUserId'>;
type Commands = Pick<AccountCommands, 'changeProfile' | 'eraseAccount'> &
  Omit<TokenCommands, 'carryOverToken'> &
  Pick<CodeCommands, 'redeemCode'> &
  Pick<SubscriptionCommands, 'cancelSubscription'> &
  TeamCommands;
type Answer<Name extends keyof Commands> = ReturnType<Commands[Name]>;

/** What one person may command: of one account, and no input leads to another one. */
export interface OwnCommands {
  changeProfile(input: OfOwn<ChangeProfile>, meta: CommandMeta): Answer<'changeProfile'>;
  /** Everything that is known of the person, and what they sign in with. */
  erase(meta: CommandMeta): Answer<'eraseAccount'>;
  issueToken(input: OfOwn<IssueToken>, meta: CommandMeta): Answer<'issueToken'>;
  changeToken(input: OfOwn<ChangeToken>, meta: CommandMeta): Answer<'changeToken'>;
  resetToken(tokenId: number, meta: CommandMeta): Answer<'resetToken'>;
  revokeToken(tokenId: number, meta: CommandMeta): Answer<'revokeToken'>;
  redeemCode(input: OfOwn<RedeemCode>, meta: CommandMeta): Answer<'redeemCode'>;
  cancelSubscription(planId: string, meta: CommandMeta): Answer<'cancelSubscription'>;
  createTeam(name: string, meta: CommandMeta): Answer<'createTeam'>;
  addTeamMember(member: string, meta: CommandMeta): Answer<'addTeamMember'>;
  removeTeamMember(input: OfOwn<RemoveTeamMember>, meta: CommandMeta): Answer<'removeTeamMember'>;
  setBudget(input: OfOwn<SetBudget>, meta: CommandMeta): Answer<'setBudget'>;
  assignToken(input: OfOwn<AssignToken>, meta: CommandMeta): Answer<'assignToken'>;
  /** A key of another account's team, which the person is a member of; refused where they are none. */
  issueTeamToken(
    input: { readonly team: string; readonly tokenName: string },
    meta: CommandMeta,
  ): Answer<'issueToken'>;
}

export const ownCommands = (
  commands: Commands,
  { externalUserId }: Pick<SignedInPerson, 'externalUserId'>,
): OwnCommands => ({
  changeProfile: (input, meta) => commands.changeProfile({ ...input, externalUserId }, meta),
  erase: (meta) => commands.eraseAccount({ externalUserId, reason: 'deleted by its person' }, meta),
  issueToken: (input, meta) => commands.issueToken({ ...input, externalUserId }, meta),
  changeToken: (input, meta) => commands.changeToken({ ...input, externalUserId }, meta),
  resetToken: (tokenId, meta) => commands.resetToken({ externalUserId, tokenId }, meta),
  revokeToken: (tokenId, meta) => commands.revokeToken({ externalUserId, tokenId }, meta),
  redeemCode: (input, meta) => commands.redeemCode({ ...input, externalUserId }, meta),
  cancelSubscription: (planId, meta) => commands.cancelSubscription({ externalUserId, planId }, meta),
  createTeam: (name, meta) => commands.createTeam({ externalUserId, name }, meta),
  addTeamMember: (member, meta) => commands.addTeamMember({ externalUserId, member }, meta),
  removeTeamMember: (input, meta) => commands.removeTeamMember({ ...input, externalUserId }, meta),
  setBudget: (input, meta) => commands.setBudget({ ...input, externalUserId }, meta),
  assignToken: (input, meta) => commands.assignToken({ ...input, externalUserId }, meta),
  issueTeamToken: ({ team, tokenName }, meta) =>
    commands.issueToken(
      {
        ...{ externalUserId: team, member: externalUserId, tokenName, expiresInDays: null, quotaLimit: null },
        ...{ models: [], allowIps: [], group: null },
      },
      meta,
    ),
});
