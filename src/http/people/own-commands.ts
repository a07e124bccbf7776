import type { AccountCommands, ChangeProfile } from '../../commands/account/commands.js';
import type { CodeCommands, RedeemCode } from '../../commands/code/commands.js';
import type { CommandMeta } from '../../commands/handling/command.js';
import type { SubscriptionCommands } from '../../commands/subscription/commands.js';
import type { ChangeToken, IssueToken, TokenCommands } from '../../commands/token/commands.js';
import type { SignedInPerson } from './ports/person.js';

type OfOwn<Input> = Omit<Input, 'externalUserId'>;
type Commands = Pick<AccountCommands, 'changeProfile' | 'eraseAccount' | 'makeReferralCode'> &
  Omit<TokenCommands, 'carryOverToken'> &
  Pick<CodeCommands, 'redeemCode'> &
  Pick<SubscriptionCommands, 'cancelSubscription'>;
type Answer<Name extends keyof Commands> = ReturnType<Commands[Name]>;

/** What one person may command: of one account, and no input leads to another one. */
export interface OwnCommands {
  changeProfile(input: OfOwn<ChangeProfile>, meta: CommandMeta): Answer<'changeProfile'>;
  /** Everything that is known of the person, and what they sign in with. */
  erase(meta: CommandMeta): Answer<'eraseAccount'>;
  makeReferralCode(meta: CommandMeta): Answer<'makeReferralCode'>;
  issueToken(input: OfOwn<IssueToken>, meta: CommandMeta): Answer<'issueToken'>;
  changeToken(input: OfOwn<ChangeToken>, meta: CommandMeta): Answer<'changeToken'>;
  resetToken(tokenId: number, meta: CommandMeta): Answer<'resetToken'>;
  revokeToken(tokenId: number, meta: CommandMeta): Answer<'revokeToken'>;
  redeemCode(input: OfOwn<RedeemCode>, meta: CommandMeta): Answer<'redeemCode'>;
  cancelSubscription(planId: string, meta: CommandMeta): Answer<'cancelSubscription'>;
}

export const ownCommands = (
  commands: Commands,
  { externalUserId }: Pick<SignedInPerson, 'externalUserId'>,
): OwnCommands => ({
  changeProfile: (input, meta) => commands.changeProfile({ ...input, externalUserId }, meta),
  erase: (meta) => commands.eraseAccount({ externalUserId, reason: 'deleted by its person' }, meta),
  makeReferralCode: (meta) => commands.makeReferralCode({ externalUserId }, meta),
  issueToken: (input, meta) => commands.issueToken({ ...input, externalUserId }, meta),
  changeToken: (input, meta) => commands.changeToken({ ...input, externalUserId }, meta),
  resetToken: (tokenId, meta) => commands.resetToken({ externalUserId, tokenId }, meta),
  revokeToken: (tokenId, meta) => commands.revokeToken({ externalUserId, tokenId }, meta),
  redeemCode: (input, meta) => commands.redeemCode({ ...input, externalUserId }, meta),
  cancelSubscription: (planId, meta) => commands.cancelSubscription({ externalUserId, planId }, meta),
});
