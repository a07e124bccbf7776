import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Command, Option } from 'commander';
import { IANAZone } from 'luxon';
import type { Config } from '../../config.js';
import { type Decimal, parseDecimal, ZERO } from '../../domain/money/decimal.js';
import type { Foundation } from '../../compose/ledger.js';
import { parsePeriod } from '../../finance/period.js';
import {
  detectFormat,
  type ProviderFormat,
  providerFormats,
  zoneOfFormat,
} from '../../finance/psp/formats.js';
import { reconcileProvider } from '../../finance/psp/reconcile-provider.js';
import type { Report } from '../../finance/report.js';
import { reconcileUpstream } from '../../finance/upstream/reconcile-upstream.js';
import { untilCaughtUp } from '../caught-up.js';
import { type CommandContext, createContext, withFoundation } from '../context.js';
import { exitCodes, UsageError } from '../exit-codes.js';
import { progress } from '../output.js';
import { reportShapes } from '../report-output.js';

interface Options {
  readonly psp?: string;
  readonly upstream?: string;
  readonly format?: ProviderFormat;
  readonly from: string;
  readonly to: string;
  readonly tz?: string;
  readonly rate: readonly string[];
  readonly tolerance?: string;
  readonly prefix: readonly string[];
  readonly idColumn?: string;
  readonly channel: readonly string[];
  readonly byDay?: boolean;
  readonly model: readonly string[];
  readonly report: keyof typeof reportShapes;
}

/** What a source needs the opened ledger for. */
type Reconciliation = (foundation: Foundation) => Promise<Report>;

/** `counterfoil reconcile --psp|--upstream` */
export function addReconcileCommand(program: Command): void {
  program
    .command('reconcile')
    .description(
      "lay someone else's file beside the ledger: 0 when all agrees, 1 when not, 2 when the file is wrong",
    )
    .addOption(new Option('--psp <file>', "a payment provider's CSV file").conflicts('upstream'))
    .addOption(new Option('--upstream <file>', 'CSV of the usage that an upstream billed'))
    .requiredOption('--from <day|time>', 'first day, or time')
    .requiredOption('--to <day|time>', 'last day (inclusive), or time (exclusive)')
    .option(
      '--tz <zone>',
      "of these days and of the file's times; default Asia/Shanghai for alipay and wechat, else LEDGER_TIMEZONE",
    )
    .addOption(new Option('--report <shape>', 'how').choices(Object.keys(reportShapes)).default('table'))
    .addOption(
      new Option('--format <format>', 'psp: of the file; by its header when absent').choices(providerFormats),
    )
    .option(
      '--rate <currency=usd>',
      'psp: USD for one unit of a currency, as CNY=0.1389; may be repeated',
      collect,
      [],
    )
    .option('--tolerance <usd>', 'psp: by which converted amounts may differ, as 0.01')
    .option(
      '--prefix <text>',
      "psp: beginning of this provider's payment ids in the ledger; may be repeated",
      collect,
      [],
    )
    .option('--id-column <name>', "psp: a column that has the ledger's payment id")
    .option('--by-day', 'upstream: by day and model, though the file names requests')
    .option('--channel <id>', 'upstream: a channel whose calls it billed; may be repeated', collect, [])
    .option(
      '--model <theirs=ours>',
      'upstream: a model that has another name there; may be repeated',
      collect,
      [],
    )
    .action(async (options: Options) => {
      const context = createContext();
      const reconcile = await reconciliationOf(options, context);
      await withFoundation(context, async (foundation) => {
        await untilCaughtUp(foundation);
        const report = await reconcile(foundation);
        await pipeline(Readable.from(reportShapes[options.report](report)), process.stdout, { end: false });
        process.exitCode = report.isClean ? exitCodes.clean : exitCodes.differences;
      });
    });
}

async function reconciliationOf(options: Options, context: CommandContext): Promise<Reconciliation> {
  const { config, terminal } = context;
  if (options.psp !== undefined) return providerReconciliation(options.psp, options, config);
  if (options.upstream === undefined) throw new UsageError('one of --psp and --upstream is needed');
  const timezone = zoneOf(options.tz) ?? config.timezone;
  const request = {
    path: options.upstream,
    period: { ...periodOf(options, timezone), timezone },
    channels: options.channel,
    byDay: options.byDay === true,
    models: new Map(options.model.map((text) => pairOf('--model', text, 'gpt-4o-2024-08-06=gpt-4o'))),
  };
  return async ({ store, database }) => {
    const shown = progress(terminal, 'events read');
    const report = await reconcileUpstream(
      { store, db: database.pool },
      { ...request, onProgress: (events) => shown.at(events) },
    );
    shown.done('the log was read to its end');
    return report;
  };
}

async function providerReconciliation(
  path: string,
  options: Options,
  config: Config,
): Promise<Reconciliation> {
  const format = options.format ?? (await detectFormat(path));
  const timezone = zoneOf(options.tz) ?? zoneOfFormat[format] ?? config.timezone;
  const request = {
    path,
    format,
    timezone,
    period: periodOf(options, timezone),
    idColumn: options.idColumn,
    prefixes: options.prefix,
    rates: new Map(options.rate.map(rateOf)),
    tolerance: options.tolerance === undefined ? ZERO : positive('--tolerance', options.tolerance),
  };
  return ({ database }) => reconcileProvider(database.pool, request);
}

function periodOf(options: Options, timezone: string): { readonly from: Date; readonly to: Date } {
  const { from, to } = parsePeriod(options.from, options.to, timezone);
  if (!from || !to) throw new UsageError('--from and --to are needed');
  return { from, to };
}

const collect = (value: string, before: readonly string[]): readonly string[] => [...before, value];

function zoneOf(name: string | undefined): string | undefined {
  if (name !== undefined && !IANAZone.isValidZone(name))
    throw new UsageError(`--tz: ${name} is no time zone`);
  return name;
}

function pairOf(option: string, text: string, example: string): readonly [string, string] {
  const at = text.indexOf('=');
  if (at < 1 || at === text.length - 1)
    throw new UsageError(`${option}: ${text} is not of the form ${example}`);
  return [text.slice(0, at), text.slice(at + 1)];
}

function rateOf(text: string): readonly [string, Decimal] {
  const [currency, rate] = pairOf('--rate', text, 'CNY=0.1389');
  return [currency.toUpperCase(), positive('--rate', rate)];
}

function positive(option: string, text: string): Decimal {
  const value = parseDecimal(text);
  if (!value || value.unscaled <= 0n) throw new UsageError(`${option}: ${text} is no amount above 0`);
  return value;
}
