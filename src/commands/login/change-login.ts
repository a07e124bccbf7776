import { accept, type Decision } from '../../domain/decider.js';
import { loginDecider, type LoginCommand } from '../../domain/login/decide.js';
import type { LoginEvent, LoginState } from '../../domain/login/state.js';
import { loginStream } from '../../domain/streams.js';
import type { CommandMeta, CommandResult } from '../handling/command.js';
import { handle } from '../handling/handle.js';
import { load, type Loaded } from '../handling/load.js';
import { planOne } from '../handling/plan.js';
import type { CommandDependencies } from '../handling/ports.js';

type Ledger = Pick<CommandDependencies, 'store' | 'guards' | 'newId' | 'now' | 'timings'>;

/** How the person of an account signs in, as the log has it now. */
export const loadLogin = (
  { store }: Pick<CommandDependencies, 'store'>,
  accountId: string,
): Promise<Loaded<LoginState>> => load(store, loginStream(accountId), loginDecider);

/** A command that touches the login alone. */
export function changeLogin(
  dependencies: Ledger,
  command: LoginCommand,
  meta: CommandMeta,
): Promise<CommandResult<{ accountId: string }>> {
  const { accountId } = command;
  return handle(dependencies, `${command.type}-login`, meta, async () => {
    const login = await loadLogin(dependencies, accountId);
    return planOne(login, loginDecider.decide(command, login.state), { accountId });
  });
}

/** What several commands about one login come to, one after the other. */
export function decideAll(commands: readonly LoginCommand[], before: LoginState): Decision<LoginEvent> {
  const events: LoginEvent[] = [];
  let state = before;
  for (const command of commands) {
    const decision = loginDecider.decide(command, state);
    if (decision.kind === 'refused') return decision;
    for (const event of decision.events) {
      events.push(event);
      state = loginDecider.evolve(state, event);
    }
  }
  return accept(...events);
}
