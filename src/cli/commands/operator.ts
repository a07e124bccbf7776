import { type Command, InvalidArgumentError, Option } from 'commander';
import type { CommandMeta, CommandResult } from '../../commands/handling/command.js';
import type { OperatorCommands } from '../../commands/operator/commands.js';
import { operatorCommandsOn } from '../../compose/administration.js';
import { permissions, type Role, roles } from '../../domain/operator/roles.js';
import { type TraceKind, traceKinds } from '../../domain/operator/trace.js';
import { createOperatorTraces } from '../../stores/operator-traces.js';
import { listOperators } from '../../projections/operator/query.js';
import { untilCaughtUp } from '../caught-up.js';
import { createContext, withFoundation } from '../context.js';
import { UsageError } from '../exit-codes.js';
import { table, toJson } from '../output.js';
import { readNewPassword } from '../password-input.js';

/** Whoever may run this has the master key: there is nobody else to name. */
const meta: CommandMeta = { actor: 'cli', requestId: 'cli' };

/** `counterfoil operator create|password|role|disable|enable|clear-second-factor|list|traces|permissions` */
export function addOperatorCommands(program: Command): void {
  const group = program.command('operator').description('who may log in to /api/admin, and as what');
  group
    .command('create <name>')
    .description('create an operator; the password is asked for, or read from stdin')
    .requiredOption('--role <role>', `one of ${roles.join(', ')}`)
    .action(async (name: string, options: { role: string }) => {
      const role = roleOf(options.role);
      const password = await readNewPassword();
      await change((commands) => commands.create({ name, role, password }, meta), `${name} is ${role}`);
    });
  group
    .command('password <name>')
    .description('set a new password and end every login; it is asked for, or read from stdin')
    .action(async (name: string) => {
      const password = await readNewPassword();
      await change(
        (commands) => commands.setPassword({ name, password }, meta),
        `${name} has a new password; every login has ended`,
      );
    });
  group
    .command('role <name> <role>')
    .description('give an operator another role')
    .action((name: string, role: string) =>
      change(
        (commands) => commands.changeRole({ name, role: roleOf(role) }, meta),
        `${name} is ${role} with the next request`,
      ),
    );
  group
    .command('disable <name>')
    .description('end every login, and let the operator log in no more')
    .requiredOption('--reason <text>', 'why, up to 500 characters')
    .action((name: string, { reason }: { reason: string }) => {
      if (reason.length > 500) throw new UsageError('--reason has up to 500 characters');
      return change((commands) => commands.disable({ name, reason }, meta), `${name} is disabled`);
    });
  group
    .command('enable <name>')
    .description('let the operator log in again')
    .action((name: string) =>
      change((commands) => commands.enable({ name }, meta), `${name} may log in again`),
    );
  group
    .command('clear-second-factor <name>')
    .description('take the authenticator and the recovery codes of an operator away, and end every login')
    .action((name: string) =>
      change(
        (commands) => commands.clearFactors({ name }, meta),
        `${name} logs in by the password alone; every login has ended`,
      ),
    );
  addReports(group);
}

function addReports(group: Command): void {
  addTraces(group);
  group
    .command('list')
    .description('list the operators')
    .option('--json', 'print JSON')
    .action((options: { json?: boolean }) => {
      const context = createContext();
      return withFoundation(context, async (foundation) => {
        await untilCaughtUp(foundation);
        const rows = (await listOperators(foundation.database.pool)).map((each) => ({
          name: each.name,
          role: each.role,
          enabled: each.enabled,
          'created by': each.createdBy,
          created: each.createdAt.toISOString(),
        }));
        const columns = ['name', 'role', 'enabled', 'created by', 'created'];
        context.terminal.out(options.json ? toJson(rows) : table(columns, rows));
      });
    });
  group
    .command('permissions')
    .description('show what each role may do')
    .action(() => {
      const rows = Object.entries(permissions).map(([permission, granted]) => ({
        permission,
        ...Object.fromEntries(
          roles.map((role) => [role, (granted as readonly Role[]).includes(role) ? 'yes' : '']),
        ),
      }));
      createContext().terminal.out(table(['permission', ...roles], rows));
    });
}

/** So many are shown: who wants more asks for one name or kind. */
const SHOWN_TRACES = 1_000;

function addTraces(group: Command): void {
  group
    .command('traces')
    .description('show logins, failed logins and refusals of the last 90 days, the newest last')
    .option('--name <name>', 'of this operator')
    .addOption(new Option('--kind <kind>', 'which').choices(traceKinds))
    .option('--after <id>', 'those after this one', wholeNumber, 0)
    .option('--json', 'print JSON')
    .action(({ name, kind, after, json }: TraceOptions) => {
      const context = createContext();
      return withFoundation(context, async ({ database }) => {
        const page = { after, limit: SHOWN_TRACES };
        const traces = await createOperatorTraces(database.pool).list({ name, kind }, page);
        const rows = traces.map((each) => ({
          id: each.id.toString(),
          last: each.lastAt.toISOString(),
          kind: each.kind,
          name: each.name,
          from: each.addressBlock,
          reason: each.reason,
          what: each.route,
          times: each.times.toString(),
        }));
        const columns = ['id', 'last', 'kind', 'name', 'from', 'reason', 'what', 'times'];
        context.terminal.out(json ? toJson(rows) : table(columns, rows));
      });
    });
}

interface TraceOptions {
  readonly name?: string;
  readonly kind?: TraceKind;
  readonly after: number;
  readonly json?: boolean;
}

function wholeNumber(given: string): number {
  if (!/^\d{1,15}$/.test(given)) throw new InvalidArgumentError('a whole number');
  return Number(given);
}

function roleOf(text: string): Role {
  const role = roles.find((each) => each === text);
  if (!role) throw new UsageError(`${text} is no role; there are ${roles.join(', ')}`);
  return role;
}

function change(
  run: (commands: OperatorCommands) => Promise<CommandResult<unknown>>,
  done: string,
): Promise<void> {
  const context = createContext();
  return withFoundation(context, async (foundation) => {
    const { database, store } = foundation;
    const result = await run(operatorCommandsOn({ pool: database.pool, store }));
    if (!result.ok) throw new UsageError(`nothing was changed: ${toJson(result.refusal)}`);
    context.terminal.err(done);
  });
}
