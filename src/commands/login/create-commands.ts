import { checked } from '../handling/command.js';
import { handle } from '../handling/handle.js';
import { planOne } from '../handling/plan.js';
import { changeEmail } from './change-email.js';
import { changeLogin, decideAll, loadLogin } from './change-login.js';
import type { LoginCommands } from './commands.js';
import { linkIdentity, unlinkIdentity } from './identities.js';
import { emailHash, type LoginDependencies } from './dependencies.js';
import { registerPerson } from './register-person.js';
import { setUserPassword } from './set-user-password.js';

export function createLoginCommands(dependencies: LoginDependencies): LoginCommands {
  return {
    registerPerson: checked(registerPerson(dependencies)),
    verifyEmail: checked(({ accountId, email }, meta) => {
      const hash = emailHash(dependencies, email);
      return changeLogin(
        dependencies,
        { type: 'verify-email', accountId, email: hash, by: meta.actor },
        meta,
      );
    }),
    changeEmail: checked(changeEmail(dependencies)),
    setUserPassword: checked(setUserPassword(dependencies)),
    changeFactors: checked(({ accountId, add, remove }, meta) => {
      const by = meta.actor;
      const commands = [
        ...remove.map((factor) => ({ type: 'remove-factor', accountId, factor, by }) as const),
        ...add.map((factor) => ({ type: 'add-factor', accountId, factor, by }) as const),
      ];
      return handle(dependencies, 'change-factors', meta, async () => {
        const login = await loadLogin(dependencies, accountId);
        return planOne(login, decideAll(commands, login.state), { accountId });
      });
    }),
    clearFactors: checked(async ({ accountId, reason }, meta) => {
      const sealed = await dependencies.vault.sealText(accountId, reason);
      const by = meta.actor;
      return changeLogin(dependencies, { type: 'clear-factors', accountId, reason: sealed, by }, meta);
    }),
    linkIdentity: checked(linkIdentity(dependencies)),
    unlinkIdentity: checked(unlinkIdentity(dependencies)),
    closeLogin: checked(async ({ accountId }, meta) => {
      const closed = await changeLogin(dependencies, { type: 'close', accountId, by: meta.actor }, meta);
      if (closed.ok) await dependencies.signInData.forget(accountId);
      return closed;
    }),
  };
}
