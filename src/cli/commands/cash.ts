import { type Command, Option } from 'commander';
import { instantOf } from '../../books/audit/moment.js';
import { bookedOtherwise, cashOfFile, quotaOfCash } from '../../books/reconcile/psp/cash-of-file.js';
import {
  detectFormat,
  type ProviderFormat,
  providerFormats,
  zoneOfFormat,
} from '../../books/reconcile/psp/formats.js';
import { rateOf } from '../../books/reconcile/reconciliation.js';
import type { CashMovement } from '../../commands/cash/commands.js';
import { cashKinds } from '../../domain/cash/events.js';
import { minorOfText } from '../../domain/money/currency.js';
import { readClearing } from '../../projections/cash/query.js';
import type { Foundation } from '../../compose/ledger.js';
import { untilCaughtUp } from '../caught-up.js';
import { createContext, withFoundation } from '../context.js';
import { UsageError } from '../exit-codes.js';
import { commandsBesideService, operatorMeta } from '../operator.js';
import { table, toJson } from '../output.js';

interface BookOptions {
  readonly provider: string;
  readonly format?: ProviderFormat;
  readonly tz?: string;
  readonly rate: readonly string[];
  readonly by: string;
}

interface RecordOptions {
  readonly provider: string;
  readonly kind: CashMovement['kind'];
  readonly reference: string;
  readonly amount: string;
  readonly currency: string;
  readonly at: string;
  readonly rate: readonly string[];
  readonly reason: string;
  readonly by: string;
}

const RATE = ['--rate <currency=usd>', 'USD for one unit of a currency, as CNY=0.1389', collect, []] as const;

/** `counterfoil cash` */
export function addCashCommands(program: Command): void {
  const cash = program.command('cash').description("providers' fees and payouts, and what they still have");
  cash
    .command('book <file>')
    .description("book the fees and payouts of a provider's file, each once; CASH must be on")
    .requiredOption('--provider <id>', 'whose they are')
    .addOption(new Option('--format <format>', 'by its header when absent').choices(providerFormats))
    .option('--tz <zone>', "of the file's times that carry none; default as for `reconcile`")
    .option(...RATE)
    .requiredOption('--by <name>', 'who decided it: an operator')
    .action(book);
  cash
    .command('record')
    .description('book one fee or payout by hand, once for each reference; CASH must be on')
    .requiredOption('--provider <id>', 'whose it is')
    .addOption(new Option('--kind <kind>', 'what it is').choices(cashKinds).makeOptionMandatory())
    .requiredOption('--reference <id>', 'what the provider or the bank calls it')
    .requiredOption('--amount <decimal>', 'in units of its currency')
    .requiredOption('--currency <code>', 'of ISO 4217, as CNY')
    .requiredOption('--at <time>', 'when it happened: ISO 8601')
    .option(...RATE)
    .requiredOption('--reason <text>', 'why, 1 to 500 characters; nothing of a person')
    .requiredOption('--by <name>', 'who decided it: an operator')
    .action(record);
  cash
    .command('clearing')
    .description('what each provider took, where it went, and what it should still have')
    .option('--json', 'print JSON')
    .action(clearing);
}

async function book(path: string, options: BookOptions): Promise<void> {
  const { provider: providerId } = options;
  checkProvider(providerId);
  const rates = new Map(options.rate.map(rateOf));
  const format = options.format ?? (await detectFormat(path));
  const context = createContext();
  const timezone = options.tz ?? zoneOfFormat[format] ?? context.config.timezone;
  await withFoundation(context, async (foundation) => {
    await untilCaughtUp(foundation);
    const file = await cashOfFile(foundation.database.pool, path, { format, timezone }, rates);
    const wrong = await bookedOtherwise(foundation.database.pool, providerId, file.cash);
    if (wrong)
      throw new UsageError(`${wrong.reference} has been booked with another amount: nothing was booked`);
    const said = { reason: file.title, by: options.by };
    let [booked, before] = [0, 0];
    for (const each of file.cash) {
      const movement = { ...each, providerId, evidenceSha256: file.sha256, reason: said.reason };
      if (await bookOne(foundation, movement, said)) booked += 1;
      else before += 1;
    }
    context.terminal.err(`${path}: ${booked} booked, ${before} had been booked before (${file.title})`);
  });
}

async function record(options: RecordOptions): Promise<void> {
  const { provider: providerId, kind, reference, reason } = options;
  checkProvider(providerId);
  if (reference.length < 1 || reference.length > 200)
    throw new UsageError('--reference has 1 to 200 characters');
  const currency = options.currency.toUpperCase();
  if (!/^[A-Z]{3}$/.test(currency)) throw new UsageError('--currency is one of ISO 4217, such as CNY');
  const amountMinor = minorOfText(options.amount, currency);
  if (amountMinor === undefined || amountMinor <= 0n)
    throw new UsageError(`--amount is an amount of ${currency} above 0`);
  const rates = new Map(options.rate.map(rateOf));
  const context = createContext();
  const at = instantOf(options.at, context.config.timezone);
  if (!at) throw new UsageError('--at is a time such as 2026-11-30T12:00+08:00');
  await withFoundation(context, async (foundation) => {
    await untilCaughtUp(foundation);
    const quota = await quotaOfCash(foundation.database.pool, { currency, amountMinor }, rates);
    if (quota === undefined)
      throw new UsageError(
        `no order was paid in ${currency}: give --rate ${currency}=<USD for one ${currency}>`,
      );
    const movement = { providerId, kind, reference, currency, amountMinor, quota, at };
    const isNew = await bookOne(foundation, { ...movement, evidenceSha256: null, reason }, options);
    context.terminal.err(`${reference}: ${isNew ? 'booked' : 'it had been booked before'}, ${quota} quota`);
  });
}

/** @returns whether it is new */
async function bookOne(
  foundation: Foundation,
  movement: CashMovement,
  said: { readonly by: string; readonly reason: string },
): Promise<boolean> {
  const result = await commandsBesideService(foundation).bookCash(movement, operatorMeta(said));
  if (!result.ok) throw new UsageError(`${movement.reference} was not booked: ${toJson(result.refusal)}`);
  return !result.replayed;
}

async function clearing({ json }: { readonly json?: boolean }): Promise<void> {
  const context = createContext();
  await withFoundation(context, async (foundation) => {
    await untilCaughtUp(foundation);
    const rows = await readClearing(foundation.database.pool);
    const columns = [
      'provider_id',
      'currency',
      'orders',
      'refunds',
      'disputes',
      'fees',
      'payouts',
      'balance',
    ];
    context.terminal.out(
      json
        ? toJson(rows)
        : table(
            columns,
            rows.map((row) => ({ ...row })),
          ),
    );
  });
}

function checkProvider(id: string): void {
  if (!/^[\w.-]{1,64}$/.test(id)) throw new UsageError('--provider is a name of letters, digits, . _ -');
}

function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}
