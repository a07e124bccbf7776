import type { PersonalData } from '../../domain/account/personal-data.js';
import type { Command } from '../handling/command.js';

export interface SyncAccount extends Partial<PersonalData> {
  readonly externalUserId: string;
  readonly username: string;
  readonly loginType?: 'email' | 'wechat' | 'alipay' | 'sms' | undefined;
  readonly affCode?: string | undefined;
  /** The referral code of whoever invited the user; of one who is bound already it is left alone. */
  readonly inviterAffCode?: string | undefined;
}

/** What people change of themselves: an empty text clears it. */
export interface ChangeProfile {
  readonly externalUserId: string;
  readonly displayName: string;
}

interface WithReason {
  readonly externalUserId: string;
  /** Recorded. */
  readonly reason: string;
}

interface Changed {
  readonly accountId: string;
}

/** The users of front ends: who they are, and whether they may do anything. None of it touches money. */
export interface AccountCommands {
  /** Creates the account, or brings its profile up to date. */
  readonly syncAccount: Command<SyncAccount, Changed & { readonly userId: number; readonly isNew: boolean }>;
  readonly changeProfile: Command<ChangeProfile, Changed>;
  /** Gives an account that has no referral code one by which others name it. */
  readonly makeReferralCode: Command<{ readonly externalUserId: string }, Changed>;
  readonly suspendAccount: Command<WithReason, Changed>;
  readonly reinstateAccount: Command<WithReason, Changed>;
  readonly changeAccountGroup: Command<{ readonly externalUserId: string; readonly group: string }, Changed>;
  /** Shreds the person's key first, then records it. */
  readonly eraseAccount: Command<WithReason, Changed>;
}
