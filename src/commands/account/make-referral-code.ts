import { codeOf } from '../../domain/code/code-text.js';
import { opened } from '../../support/opened.js';
import type { Handler } from '../handling/command.js';
import { handle } from '../handling/handle.js';
import { lastPosition, refused } from '../handling/plan.js';
import type { CommandDependencies } from '../handling/ports.js';
import type { AccountCommands } from './commands.js';
import { loadAccount } from './load-account.js';
import { planUpdate } from './sync-account.js';

/** It is no secret, and short enough to be told. */
const LETTERS = 8;
const BYTES = 17;

/** A code of an account that has none, such as a front end gives its users; one that it has stays as it is. */
export function makeReferralCode(
  dependencies: CommandDependencies,
): Handler<AccountCommands['makeReferralCode']> {
  return ({ externalUserId }, meta) => {
    const affCode = codeOf(dependencies.randomBytes(BYTES)).slice(0, LETTERS);
    return handle(dependencies, 'make-referral-code', meta, async () => {
      const account = await loadAccount(dependencies, externalUserId);
      if (!account.state) return refused({ code: 'account_not_found' });
      if (account.state.erased) return refused({ code: 'account_erased' });
      const value = { accountId: account.state.accountId };
      const { affCode: given } = await opened(dependencies.vault.openTexts, account.state);
      if (given) {
        const position = lastPosition(account);
        return { kind: 'accepted', writes: [], value, position, replayed: true };
      }
      if (!dependencies.bindsReferrals) return refused({ code: 'referrals_off' });
      const plan = await planUpdate(dependencies, account, account.state, { username: '', affCode });
      return plan.kind === 'refused' ? plan : { ...plan, value };
    });
  };
}
