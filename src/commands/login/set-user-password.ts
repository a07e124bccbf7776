import type { CommandMeta, CommandResult, Handler } from '../handling/command.js';
import { handle } from '../handling/handle.js';
import { planOne } from '../handling/plan.js';
import { decideAll, loadLogin } from './change-login.js';
import type { LoginCommands } from './commands.js';
import type { LoginDependencies } from './dependencies.js';
import { passwordFault } from './password-rules.js';

/**
 * The event first, then the password: the same command again completes what a crash cut off. The password that stands already is set by
 * nobody again.
 */
export function setUserPassword(dependencies: LoginDependencies): Handler<LoginCommands['setUserPassword']> {
  const { credentials, passwords } = dependencies;
  return async ({ accountId, password, opens = false }, meta) => {
    const fault = passwordFault(password);
    if (fault) return { ok: false, refusal: fault };
    const result = await record(dependencies, accountId, opens, meta, async () => {
      const stored = await credentials.find(accountId);
      return stored !== undefined && passwords.verify(password, stored.passwordHash);
    });
    if (result.ok && !result.replayed) await credentials.set(accountId, await passwords.hash(password));
    return result;
  };
}

function record(
  dependencies: LoginDependencies,
  accountId: string,
  opens: boolean,
  meta: CommandMeta,
  stands: () => Promise<boolean>,
): Promise<CommandResult<{ accountId: string }>> {
  const by = meta.actor;
  return handle(dependencies, 'set-user-password', meta, async () => {
    const login = await loadLogin(dependencies, accountId);
    const isSame = login.state && !login.state.closed && (await stands());
    if (isSame) return planOne(login, { kind: 'accepted', events: [], replayed: true }, { accountId });
    const types = opens ? (['open', 'change-password'] as const) : (['change-password'] as const);
    const commands = types.map((type) => ({ type, accountId, by }));
    return planOne(login, decideAll(commands, login.state), { accountId });
  });
}
