import { checked } from '../handling/command.js';
import type { CommandDependencies } from '../handling/ports.js';
import { changeAccountGroup, reinstateAccount, suspendAccount } from './change-account.js';
import { changeProfile } from './change-profile.js';
import type { AccountCommands } from './commands.js';
import { eraseAccount } from './erase-account.js';
import { makeReferralCode } from './make-referral-code.js';
import { syncAccount } from './sync-account.js';

export function createAccountCommands(dependencies: CommandDependencies): AccountCommands {
  return {
    syncAccount: checked(syncAccount(dependencies)),
    changeProfile: checked(changeProfile(dependencies)),
    makeReferralCode: checked(makeReferralCode(dependencies)),
    suspendAccount: checked(suspendAccount(dependencies)),
    reinstateAccount: checked(reinstateAccount(dependencies)),
    changeAccountGroup: checked(changeAccountGroup(dependencies)),
    eraseAccount: checked(eraseAccount(dependencies)),
  };
}
