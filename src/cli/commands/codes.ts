import type { Command } from 'commander';
import { instantOf } from '../../books/audit/moment.js';
import { MOST_CODES } from '../../domain/code/events.js';
import { parseDecimal } from '../../domain/money/decimal.js';
import { quotaOfUsd } from '../../domain/money/quota.js';
import { csvLine } from '../../support/csv-text.js';
import { createContext, withFoundation } from '../context.js';
import { UsageError } from '../exit-codes.js';
import { commandsBesideService, operatorMeta } from '../operator.js';
import { toJson } from '../output.js';

interface MakeOptions {
  readonly name: string;
  readonly codes: string;
  readonly usd: string;
  readonly ends: string;
  readonly grantDays?: string;
  readonly id: string;
  readonly by: string;
}

interface Decided {
  readonly reason: string;
  readonly by: string;
}

/** `counterfoil codes` */
export function addCodeCommands(program: Command): void {
  const codes = program.command('codes').description('redemption codes, each of which gives quota once');
  codes
    .command('make')
    .description('make codes and print them as CSV, this once; CODES must be on')
    .requiredOption('--name <name>', 'what its grants are given for, 1 to 100 characters')
    .requiredOption('--codes <number>', `how many, at most ${MOST_CODES}`)
    .requiredOption('--usd <amount>', 'dollars that each of them gives; at most 6 places')
    .requiredOption(
      '--ends <time>',
      "until when codes are taken: a day of the ledger's zone, which counts as a whole, or ISO 8601",
    )
    .option(
      '--grant-days <number>',
      'what they give ends so many days after the code was used; absent: never',
    )
    .requiredOption('--id <id>', 'of this batch: the same id again does nothing')
    .requiredOption('--by <name>', 'who decided it: an operator')
    .action(make);
  codes
    .command('void <code>')
    .description('void a code that was not used')
    .requiredOption('--reason <text>', 'why, 1 to 500 characters')
    .requiredOption('--by <name>', 'who decided it: an operator')
    .action(voidOne);
  codes
    .command('void-batch <batch_id>')
    .description('void all codes of a batch that were not used')
    .requiredOption('--reason <text>', 'why, 1 to 500 characters')
    .requiredOption('--by <name>', 'who decided it: an operator')
    .action(voidBatch);
}

async function make(options: MakeOptions): Promise<void> {
  const { name, id: reference } = options;
  const meta = operatorMeta({ by: options.by, reason: name });
  if (name.length > 100) throw new UsageError('--name has 1 to 100 characters');
  if (reference.length < 1 || reference.length > 150) throw new UsageError('--id has 1 to 150 characters');
  const codes = wholeNumber('--codes', options.codes, MOST_CODES);
  const grantDays =
    options.grantDays === undefined ? undefined : wholeNumber('--grant-days', options.grantDays, 3_650);
  const amount = parseDecimal(options.usd);
  if (!amount || amount.scale > 6) throw new UsageError('--usd is an amount such as 12.5');
  const context = createContext();
  const endsAt = instantOf(options.ends, context.config.timezone);
  if (!endsAt || endsAt.getTime() <= Date.now())
    throw new UsageError('--ends is a day or a time to come, such as 2027-03-31');
  await withFoundation(context, async (foundation) => {
    const terms = { reference, name, codes, quota: quotaOfUsd(amount), endsAt, grantDays };
    const result = await commandsBesideService(foundation).makeCodes(terms, meta);
    if (!result.ok) throw new UsageError(`no codes were made: ${toJson(result.refusal)}`);
    const { batchId, codes: made } = result.value;
    if (!made)
      throw new UsageError(`${batchId} was made before, and its codes were told to whoever made them`);
    const lines = [
      csvLine(['code', 'usd', 'ends_at']),
      ...made.map((code) => lineOf(code, options.usd, endsAt)),
    ];
    context.terminal.out(lines.join('').trimEnd());
    context.terminal.err(`${batchId}: ${made.length} codes; they are told nowhere else`);
  });
}

const lineOf = (code: string, usd: string, endsAt: Date): string =>
  csvLine([code, usd, endsAt.toISOString()]);

function wholeNumber(option: string, text: string, most: number): number {
  const number = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  if (number < 1 || number > most) throw new UsageError(`${option} is a number from 1 to ${most}`);
  return number;
}

async function voidOne(code: string, options: Decided): Promise<void> {
  const meta = operatorMeta(options);
  const context = createContext();
  await withFoundation(context, async (foundation) => {
    const result = await commandsBesideService(foundation).voidCode({ code, reason: options.reason }, meta);
    if (!result.ok) throw new UsageError(`nothing was voided: ${toJson(result.refusal)}`);
    context.terminal.err(`a code of ${result.value.batchId} is worth nothing any more`);
  });
}

async function voidBatch(batchId: string, options: Decided): Promise<void> {
  const meta = operatorMeta(options);
  const context = createContext();
  await withFoundation(context, async (foundation) => {
    const command = { batchId, reason: options.reason };
    const result = await commandsBesideService(foundation).voidCodeBatch(command, meta);
    if (!result.ok) throw new UsageError(`nothing was voided: ${toJson(result.refusal)}`);
    context.terminal.err(`${batchId}: none of its codes is taken any more`);
  });
}
