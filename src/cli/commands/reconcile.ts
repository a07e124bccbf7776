import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Command, Option } from 'commander';
import { IANAZone } from 'luxon';
import { type Decimal, parseDecimal, ZERO } from '../../domain/money/decimal.js';
import { parsePeriod } from '../../finance/period.js';
import {
  detectFormat,
  type ProviderFormat,
  providerFormats,
  zoneOfFormat,
} from '../../finance/psp/formats.js';
import type { Rates } from '../../finance/psp/price-rows.js';
import { reconcileProvider } from '../../finance/psp/reconcile-provider.js';
import { csvOf, jsonOf, type Report } from '../../finance/report.js';
import { createContext, withFoundation } from '../context.js';
import { exitCodes, UsageError } from '../exit-codes.js';
import { table } from '../output.js';

const shapes = { table: tableOf, csv: csvOf, json: jsonOf } as const;

interface Options {
  readonly psp: string;
  readonly format?: ProviderFormat;
  readonly from: string;
  readonly to: string;
  readonly tz?: string;
  readonly rate: readonly string[];
  readonly tolerance?: string;
  readonly prefix: readonly string[];
  readonly idColumn?: string;
  readonly report: keyof typeof shapes;
}

/** `counterfoil reconcile` */
export function addReconcileCommand(program: Command): void {
  program
    .command('reconcile')
    .description(
      "lay a payment provider's file beside the ledger: 0 when all agrees, 1 when not, 2 when the file is wrong",
    )
    .requiredOption('--psp <file>', "the payment provider's CSV file")
    .addOption(
      new Option('--format <format>', 'of the file; by its header when absent').choices(providerFormats),
    )
    .requiredOption('--from <day|time>', 'first day, or time')
    .requiredOption('--to <day|time>', 'last day (inclusive), or time (exclusive)')
    .option(
      '--tz <zone>',
      "of these days and of the file's times; default Asia/Shanghai for alipay and wechat, else LEDGER_TIMEZONE",
    )
    .option(
      '--rate <currency=usd>',
      'USD for one unit of a currency, as CNY=0.1389; may be repeated',
      collect,
      [],
    )
    .option('--tolerance <usd>', 'by which converted amounts may differ, as 0.01')
    .option(
      '--prefix <text>',
      "beginning of this provider's payment ids in the ledger; may be repeated",
      collect,
      [],
    )
    .option('--id-column <name>', "a column that has the ledger's payment id")
    .addOption(new Option('--report <shape>', 'how').choices(Object.keys(shapes)).default('table'))
    .action(async (options: Options) => {
      const context = createContext();
      const format = options.format ?? (await detectFormat(options.psp));
      const timezone = zoneOf(options.tz) ?? zoneOfFormat[format] ?? context.config.timezone;
      const { from, to } = parsePeriod(options.from, options.to, timezone);
      if (!from || !to) throw new UsageError('--from and --to are needed');
      const request = {
        path: options.psp,
        format,
        timezone,
        period: { from, to },
        idColumn: options.idColumn,
        prefixes: options.prefix,
        rates: ratesOf(options.rate),
        tolerance: options.tolerance === undefined ? ZERO : positive('--tolerance', options.tolerance),
      };
      await withFoundation(context, async ({ database }) => {
        const report = await reconcileProvider(database.pool, request);
        await pipeline(Readable.from(shapes[options.report](report)), process.stdout, { end: false });
        process.exitCode = report.isClean ? exitCodes.clean : exitCodes.differences;
      });
    });
}

/** How many rows a person is shown; all are in the CSV and in the JSON. */
const SHOWN = 100;

function* tableOf({ facts, totals, columns, rows, isClean }: Report): Generator<string> {
  for (const [name, value] of Object.entries(facts)) yield `${name.padEnd(18)}${value}\n`;
  const [first = {}] = totals;
  yield `\n${table(Object.keys(first), totals)}\n`;
  const differing = rows.filter((row) => row.class !== 'matched');
  if (differing.length > 0) {
    const used = columns.filter((column) =>
      differing.some((row) => row[column] !== '' && row[column] !== null),
    );
    yield `\n${table(used, differing.slice(0, SHOWN))}\n`;
    if (differing.length > SHOWN) yield `and ${differing.length - SHOWN} more\n`;
  }
  yield isClean ? '\nall match\n' : `\n${differing.length.toLocaleString('en-US')} differences\n`;
}

const collect = (value: string, before: readonly string[]): readonly string[] => [...before, value];

function zoneOf(name: string | undefined): string | undefined {
  if (name !== undefined && !IANAZone.isValidZone(name))
    throw new UsageError(`--tz: ${name} is no time zone`);
  return name;
}

function ratesOf(texts: readonly string[]): Rates {
  return new Map(
    texts.map((text) => {
      const [, currency = '', rate = ''] = /^([A-Z]{3,5})=(.+)$/.exec(text) ?? [];
      if (currency === '') throw new UsageError(`--rate: ${text} is not of the form CNY=0.1389`);
      return [currency, positive('--rate', rate)];
    }),
  );
}

function positive(option: string, text: string): Decimal {
  const value = parseDecimal(text);
  if (!value || value.unscaled <= 0n) throw new UsageError(`${option}: ${text} is no amount above 0`);
  return value;
}
