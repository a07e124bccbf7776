import { type Command, InvalidArgumentError, Option } from 'commander';
import { countOpenDoubts, type DoubtView, findDoubt, listDoubts } from '../../projections/doubt/query.js';
import { openedRows } from '../../projections/runtime/opened-rows.js';
import type { Queryable } from '../../projections/runtime/projection.js';
import { createContext, withFoundation } from '../context.js';
import { UsageError } from '../exit-codes.js';
import { commandsBesideService, commandsThatHold, operatorMeta } from '../operator.js';
import { type Row, table, toJson } from '../output.js';

interface ListOptions {
  readonly state: 'open' | 'settled' | 'all';
  readonly user?: string;
  readonly model?: string;
  readonly after?: bigint;
  readonly limit: number;
  readonly json?: boolean;
}

interface SettleOptions {
  readonly accept?: boolean;
  readonly quota?: bigint;
  readonly reason: string;
  readonly by: string;
}

/** `counterfoil doubts list|show|settle` */
export function addDoubtCommands(program: Command): void {
  const group = program
    .command('doubts')
    .description('charges whose report could not be believed: what was reported, what was charged');
  addReports(group);
  group
    .command('settle <call_id>')
    .description('say what a call should have been charged, once; the balance is corrected by the difference')
    .option('--accept', 'the charge stands')
    .option('--quota <quota>', 'what the call should have been charged', readQuota)
    .requiredOption('--reason <text>', 'why, 1 to 500 characters')
    .requiredOption('--by <name>', 'who decided it: an operator')
    .action(settle);
}

function addReports(group: Command): void {
  group
    .command('list')
    .description('list charges in doubt, the oldest first')
    .addOption(new Option('--state <state>', 'which').choices(['open', 'settled', 'all']).default('open'))
    .option('--user <external_user_id>', 'of this user')
    .option('--model <model>', 'of this model')
    .option('--after <position>', 'charged after this position of the log', readQuota)
    .option('--limit <count>', 'so many at most', readLimit, 50)
    .option('--json', 'print JSON')
    .action((options: ListOptions) => {
      const context = createContext();
      const { terminal } = context;
      return withFoundation(context, async ({ database, vault }) => {
        const pool = openedRows(database.pool, vault.openTexts);
        const state = options.state === 'all' ? undefined : options.state;
        const filter = { state, externalUserId: options.user, model: options.model, after: options.after };
        const found = await listDoubts(pool, filter, options.limit + 1);
        const doubts = found.slice(0, options.limit);
        const next = found.length > options.limit ? doubts.at(-1)?.position : undefined;
        terminal.out(options.json ? toJson({ doubts, next }) : table(COLUMNS, doubts.map(rowOf)));
        if (next !== undefined) terminal.err(`there are more: --after ${next}`);
        terminal.err(`open: ${await countOpenDoubts(pool)}`);
      });
    });
  group
    .command('show <id>')
    .description('show one, by the id of its call or request')
    .action((id: string) => {
      const context = createContext();
      return withFoundation(context, async ({ database, vault }) => {
        const pool = openedRows(database.pool, vault.openTexts);
        context.terminal.out(toJson(await existing(pool, id)));
      });
    });
}

async function settle(id: string, { accept, quota, ...options }: SettleOptions): Promise<void> {
  if ((accept === true) === (quota !== undefined)) throw new UsageError('give --accept or --quota');
  const meta = operatorMeta(options);
  const context = createContext();
  await withFoundation(context, async (foundation) => {
    const { pool } = foundation.database;
    const { callId, externalUserId, quota: charged } = await existing(pool, id);
    // Money is moved by the one id that is nobody's choice.
    if (callId !== id) throw new UsageError(`settle it by the id of its call, ${callId}`);
    const right = quota ?? charged;
    // Only what is taken away must be held first, which needs the balances of the calls.
    const commands = right > charged ? await commandsThatHold(foundation) : commandsBesideService(foundation);
    const command = { callId, externalUserId, charged, quota: right, reason: options.reason };
    const result = await commands.settleDoubt(command, meta);
    if (!result.ok) throw new UsageError(`nothing was changed: ${toJson(result.refusal)}`);
    const done = result.replayed ? 'it had been settled before' : 'settled';
    const outcome = right === charged ? 'the charge stands' : `${charged - right} quota to the account`;
    context.terminal.err(`${callId}: ${done}, ${outcome}, log position ${result.position}`);
  });
}

async function existing(pool: Queryable, id: string): Promise<DoubtView> {
  const doubt = await findDoubt(pool, id);
  if (!doubt) throw new UsageError(`no charge in doubt has the id ${id}`);
  return doubt;
}

const COLUMNS = ['call', 'user', 'model', 'recorded', 'charged', 'reported', 'because', 'settled'];

const rowOf = (doubt: DoubtView): Row => ({
  call: doubt.callId,
  user: doubt.externalUserId,
  model: doubt.model,
  recorded: doubt.recordedAt.toISOString(),
  charged: `${doubt.promptTokens} + ${doubt.completionTokens}, ${doubt.quota} quota`,
  reported: doubt.reported,
  because: doubt.reason,
  settled: doubt.settled ? `${doubt.settled.adjusted} by ${doubt.settled.by}` : null,
});

function readQuota(value: string): bigint {
  if (!/^\d{1,18}$/.test(value)) throw new InvalidArgumentError('a whole number');
  return BigInt(value);
}

function readLimit(value: string): number {
  const limit = Number(value);
  if (!Number.isInteger(limit) || limit < 1 || limit > 1_000)
    throw new InvalidArgumentError('a number from 1 to 1000');
  return limit;
}
