import { operatorDecider, type OperatorCommand } from '../../domain/operator/decide.js';
import type { Factor } from '../../domain/login/state.js';
import type { Role } from '../../domain/operator/roles.js';
import type { OperatorState } from '../../domain/operator/state.js';
import { operatorStream } from '../../domain/streams.js';
import type { Passwords } from '../../support/passwords.js';
import { checked, type CommandMeta, type CommandResult } from '../handling/command.js';
import { handle } from '../handling/handle.js';
import { load, type Loaded } from '../handling/load.js';
import { type Plan, planOne } from '../handling/plan.js';
import type { CommandDependencies } from '../handling/ports.js';
import type { OperatorCommands, OperatorCredentials } from './commands.js';

interface OperatorDependencies extends Pick<
  CommandDependencies,
  'store' | 'guards' | 'newId' | 'now' | 'timings'
> {
  readonly credentials: OperatorCredentials;
  readonly passwords: Passwords;
}

type Done = Promise<CommandResult<{ name: string }>>;
/** Whether the command was carried out before. */
type Already = (state: OperatorState) => Promise<boolean>;

const MIN_PASSWORD = 12;
const MAX_PASSWORD = 200;
const UNFIT = {
  ok: false,
  refusal: { code: 'password_unfit', min: MIN_PASSWORD, max: MAX_PASSWORD },
} as const;
const isUnfit = (password: string): boolean =>
  [...password].length < MIN_PASSWORD || password.length > MAX_PASSWORD;

export function createOperatorCommands(dependencies: OperatorDependencies): OperatorCommands {
  const { credentials, passwords } = dependencies;

  const run = (command: OperatorCommand, meta: CommandMeta, already?: Already): Done =>
    decide(dependencies, command, meta, already);

  /**
   * The event first: a password that nobody recorded opens nothing, and the same command again completes what a crash cut off.
   * Of two that create one operator at once with two passwords, one is refused.
   */
  async function create(name: string, role: Role, password: string, meta: CommandMeta): Done {
    const passwordHash = await passwords.hash(password);
    const isSame = async (): Promise<boolean> => {
      const stored = await credentials.find(name);
      return !stored || passwords.verify(password, stored.passwordHash);
    };
    const result = await run(
      { type: 'create', name, role, by: meta.actor },
      meta,
      async (state) => state?.role === role && (await isSame()),
    );
    if (!result.ok || (await credentials.add(name, passwordHash)) || (await isSame())) return result;
    return { ok: false, refusal: { code: 'operator_exists' } };
  }

  async function setPassword(name: string, password: string, meta: CommandMeta): Done {
    const result = await run({ type: 'change-password', name, by: meta.actor }, meta, async () => {
      const stored = await credentials.find(name);
      return stored !== undefined && passwords.verify(password, stored.passwordHash);
    });
    if (result.ok && !result.replayed) await credentials.set(name, await passwords.hash(password));
    return result;
  }

  return {
    create: checked(async ({ name, role, password }, meta) =>
      isUnfit(password) ? UNFIT : create(name, role, password, meta),
    ),
    setPassword: checked(async ({ name, password }, meta) =>
      isUnfit(password) ? UNFIT : setPassword(name, password, meta),
    ),
    changeRole: checked(({ name, role }, meta) =>
      run({ type: 'change-role', name, role, by: meta.actor }, meta),
    ),
    disable: checked(async ({ name, reason }, meta) => {
      const result = await run({ type: 'disable', name, reason, by: meta.actor }, meta);
      // Enabled again, an operator logs in again.
      if (result.ok) await credentials.endSessions(name);
      return result;
    }),
    enable: checked(({ name }, meta) => run({ type: 'enable', name, by: meta.actor }, meta)),
    changeFactors: checked(({ name, add, remove }, meta) =>
      run({ type: 'change-factors', name, add, remove, by: meta.actor }, meta),
    ),
    clearFactors: checked(async ({ name }, meta) => {
      const remove = await factorsOfOperator(dependencies, name);
      const result = await run({ type: 'change-factors', name, add: [], remove, by: meta.actor }, meta);
      if (result.ok) await credentials.endSessions(name);
      return result;
    }),
  };
}

/** What is asked for beside the password of an operator, as the log has it now. */
export async function factorsOfOperator(
  { store }: Pick<CommandDependencies, 'store'>,
  name: string,
): Promise<readonly Factor[]> {
  return (await load(store, operatorStream(name), operatorDecider)).state?.factors ?? [];
}

function decide(
  dependencies: OperatorDependencies,
  command: OperatorCommand,
  meta: CommandMeta,
  already: Already = () => Promise.resolve(false),
): Done {
  const { name } = command;
  return handle(dependencies, `${command.type}-operator`, meta, async (): Promise<Plan<{ name: string }>> => {
    const operator: Loaded<OperatorState> = await load(
      dependencies.store,
      operatorStream(name),
      operatorDecider,
    );
    if (operator.state && (await already(operator.state)))
      return planOne(operator, { kind: 'accepted', events: [], replayed: true }, { name });
    return planOne(operator, operatorDecider.decide(command, operator.state), { name });
  });
}
