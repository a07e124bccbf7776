import { accountDecider } from '../../domain/account/decide.js';
import { loginDecider } from '../../domain/login/decide.js';
import { accountStream } from '../../domain/streams.js';
import { planUpdate } from '../account/sync-account.js';
import type { Handler } from '../handling/command.js';
import { handle } from '../handling/handle.js';
import { load } from '../handling/load.js';
import { refused, writeOf } from '../handling/plan.js';
import { loadLogin } from './change-login.js';
import type { LoginCommands } from './commands.js';
import { emailHash, type LoginDependencies } from './dependencies.js';

/** The claims, the profile and that the address was verified, in one append: the old address is free with it. */
export function changeEmail(dependencies: LoginDependencies): Handler<LoginCommands['changeEmail']> {
  return ({ accountId, email }, meta) =>
    handle(dependencies, 'change-email', meta, async () => {
      const [account, login] = await Promise.all([
        load(dependencies.store, accountStream(accountId), accountDecider),
        loadLogin(dependencies, accountId),
      ]);
      if (!account.state) return refused({ code: 'account_not_found' });
      const hash = emailHash(dependencies, email);
      const verified = loginDecider.decide(
        { type: 'verify-email', accountId, email: hash, by: meta.actor },
        login.state,
      );
      if (verified.kind === 'refused') return verified;
      const plan = await planUpdate(dependencies, account, account.state, { username: '', email });
      if (plan.kind === 'refused') return plan;
      return {
        ...plan,
        writes: [...plan.writes, writeOf(login, verified.events)],
        value: { accountId },
      };
    });
}
