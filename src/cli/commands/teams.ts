import type { Command } from 'commander';
import type { Commands } from '../../commands/commands.js';
import type { CommandMeta, CommandResult } from '../../commands/handling/command.js';
import { accountIdOf } from '../../commands/handling/identifiers.js';
import { parseDecimal } from '../../domain/money/decimal.js';
import { quotaOfUsd, usdOfQuota } from '../../domain/money/quota.js';
import { budgetPeriods } from '../../domain/team/period.js';
import { openedRows } from '../../projections/runtime/opened-rows.js';
import { type BudgetView, findTeam } from '../../projections/team/query.js';
import { createContext, withFoundation } from '../context.js';
import { UsageError } from '../exit-codes.js';
import { commandsBesideService, operatorMeta } from '../operator.js';
import { type Row, table, toJson } from '../output.js';

interface BudgetOptions {
  readonly member?: string;
  readonly key?: string;
  readonly usd?: string;
  readonly period: string;
  readonly zone: string;
  readonly by: string;
}

/** `counterfoil teams` */
export function addTeamCommands(program: Command): void {
  const teams = program
    .command('teams')
    .description('who spends the balance of an account, and how much of it');
  const by = ['--by <name>', 'who decided it: an operator'] as const;
  teams
    .command('show <user>')
    .description('show the team of an account, and what of each budget was spent')
    .option('--json', 'print JSON')
    .action(show);
  teams
    .command('create <user>')
    .description('make a team of an account; TEAMS must be on')
    .requiredOption('--name <name>', 'what people read')
    .requiredOption(...by)
    .action((user: string, { name, by: who }: { readonly name: string; readonly by: string }) =>
      run(who, (commands, meta) => commands.createTeam({ externalUserId: user, name }, meta)),
    );
  teams
    .command('add <user> <member>')
    .description('add a member; both are external ids')
    .requiredOption(...by)
    .action((user: string, member: string, { by: who }: { readonly by: string }) =>
      run(who, (commands, meta) => commands.addTeamMember({ externalUserId: user, member }, meta)),
    );
  teams
    .command('remove <user> <member>')
    .description('take a member out, and revoke their keys of the team')
    .option('--reason <text>', 'recorded')
    .requiredOption(...by)
    .action((user: string, member: string, options: { readonly reason?: string; readonly by: string }) =>
      run(options.by, (commands, meta) =>
        commands.removeTeamMember({ externalUserId: user, member, reason: options.reason }, meta),
      ),
    );
  teams
    .command('budget <user>')
    .description('set what a member or a key may spend in each period')
    .option('--member <external_user_id>', 'of all keys of a member')
    .option('--key <token_id>', 'of one key')
    .option('--usd <amount>', 'in dollars; without it there is no budget any more')
    .option('--period <period>', 'day, week or month', 'month')
    .option('--zone <zone>', 'in which days begin: Asia/Shanghai', 'UTC')
    .requiredOption(...by)
    .action(budget);
}

async function run(
  by: string,
  act: (commands: Commands, meta: CommandMeta) => Promise<CommandResult<unknown>>,
): Promise<void> {
  const meta = operatorMeta({ by, reason: 'a team is changed' });
  const context = createContext();
  await withFoundation(context, async (foundation) => {
    const result = await act(commandsBesideService(foundation), meta);
    if (!result.ok) throw new UsageError(`nothing was changed: ${toJson(result.refusal)}`);
    context.terminal.err(result.replayed ? 'it is so already' : 'done');
  });
}

function budget(user: string, { member, key, usd, period, zone, by }: BudgetOptions): Promise<void> {
  const kind = budgetPeriods.find((each) => each === period);
  if (!kind) throw new UsageError(`--period is one of ${budgetPeriods.join(', ')}`);
  const amount = usd === undefined ? undefined : parseDecimal(usd);
  if (usd !== undefined && (!amount || amount.scale > 6))
    throw new UsageError('--usd is an amount such as 20, with at most 6 places');
  const quota = amount ? quotaOfUsd(amount) : null;
  const terms = { externalUserId: user, of: wholeOf(member, key), quota, period: kind, timezone: zone };
  return run(by, (commands, meta) => commands.setBudget(terms, meta));
}

function wholeOf(member: string | undefined, key: string | undefined) {
  if (member !== undefined && key === undefined) return { member };
  if (member !== undefined || key === undefined || !/^\d{1,15}$/.test(key))
    throw new UsageError('one of --member <external_user_id> and --key <number> is needed');
  return { tokenId: Number(key) };
}

async function show(user: string, { json }: { readonly json?: boolean }): Promise<void> {
  const context = createContext();
  await withFoundation(context, async ({ database, vault }) => {
    const team = await findTeam(openedRows(database.pool, vault.openTexts), accountIdOf(user), new Date());
    if (!team) throw new UsageError(`${user} has no team`);
    const rows = team.members.flatMap(({ externalUserId: member, budget: own, keys }): Row[] => [
      { member, key: '', ...rowOf(own) },
      ...keys.map((each) => ({ member, key: `${each.tokenId} ${each.keyMask}`, ...rowOf(each.budget) })),
    ]);
    context.terminal.out(json ? toJson(team) : table(COLUMNS, rows));
  });
}

const COLUMNS = ['member', 'key', 'budget USD', 'period', 'spent USD', 'left USD', 'ends'];

const rowOf = (budget: BudgetView | undefined) => ({
  'budget USD': budget ? usdOfQuota(budget.quota) : '',
  period: budget ? `${budget.period} ${budget.running.name}` : '',
  'spent USD': budget ? usdOfQuota(budget.used) : '',
  'left USD': budget ? usdOfQuota(budget.quota - budget.used) : '',
  ends: budget ? new Date(budget.running.endsMs).toISOString() : '',
});
