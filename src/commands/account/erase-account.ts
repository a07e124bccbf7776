import { accountDecider } from '../../domain/account/decide.js';
import { loadAccount } from './load-account.js';
import { type ClaimedValue, releaseClaims, valuesCarried } from '../handling/claims.js';
import type { Handler } from '../handling/command.js';
import { handle } from '../handling/handle.js';
import { planOne, refused } from '../handling/plan.js';
import type { CommandDependencies } from '../handling/ports.js';
import type { AccountCommands } from './commands.js';

/**
 * Shreds the person's key, then records it and frees the values that the account claimed. A process that dies in between
 * has erased the person; the same command again records it, and the e-mail, which can no longer be read, is free after the grace time.
 */
export function eraseAccount(dependencies: CommandDependencies): Handler<AccountCommands['eraseAccount']> {
  return ({ externalUserId, reason }, meta) => {
    // Known only before the key is gone, so it is kept over a conflict.
    let values: readonly ClaimedValue[] | undefined;
    return handle(dependencies, 'erase-account', meta, async () => {
      const account = await loadAccount(dependencies, externalUserId);
      if (!account.state) return refused({ code: 'account_not_found' });
      const { accountId } = account.state;
      values ??= await valuesCarried(dependencies, account.state);
      await dependencies.vault.erase(accountId);
      const decision = accountDecider.decide({ type: 'erase', reason, by: meta.actor }, account.state);
      const plan = planOne(account, decision, { accountId }, { guard: `account:${accountId}` });
      if (plan.kind === 'refused') return plan;
      return { ...plan, writes: [...plan.writes, ...(await releaseClaims(dependencies, accountId, values))] };
    });
  };
}
