import type { Handler } from '../handling/command.js';
import { handle } from '../handling/handle.js';
import { refused } from '../handling/plan.js';
import type { CommandDependencies } from '../handling/ports.js';
import type { AccountCommands } from './commands.js';
import { loadAccount } from './load-account.js';
import { planUpdate } from './sync-account.js';

/** What people are called by those who see them; everything else of a profile keeps its value. One that changes nothing appends nothing. */
export function changeProfile(dependencies: CommandDependencies): Handler<AccountCommands['changeProfile']> {
  return ({ externalUserId, displayName }, meta) =>
    handle(dependencies, 'change-profile', meta, async () => {
      const account = await loadAccount(dependencies, externalUserId);
      if (!account.state) return refused({ code: 'account_not_found' });
      const plan = await planUpdate(dependencies, account, account.state, {
        username: '',
        display_name: displayName,
      });
      if (plan.kind === 'refused') return plan;
      return { ...plan, value: { accountId: account.state.accountId } };
    });
}
