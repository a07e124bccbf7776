import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Command, Option } from 'commander';
import { type ProviderFormat, providerFormats } from '../../books/reconcile/psp/formats.js';
import { prepareReconciliation, type ReconciliationRequest } from '../../books/reconcile/reconciliation.js';
import { reportShapes } from '../../books/reconcile/report-formats.js';
import { untilCaughtUp } from '../caught-up.js';
import { createContext, withFoundation } from '../context.js';
import { exitCodes, UsageError } from '../exit-codes.js';
import { progress } from '../output.js';

interface Options {
  readonly psp?: string;
  readonly upstream: readonly string[];
  readonly format?: ProviderFormat;
  readonly from: string;
  readonly to: string;
  readonly tz?: string;
  readonly rate: readonly string[];
  readonly tolerance?: string;
  readonly prefix: readonly string[];
  readonly idColumn?: string;
  readonly provider?: string;
  readonly channel: readonly string[];
  readonly byDay?: boolean;
  readonly byChannel?: boolean;
  readonly model: readonly string[];
  readonly report: keyof typeof reportShapes;
}

/** `counterfoil reconcile --psp|--upstream` */
export function addReconcileCommand(program: Command): void {
  program
    .command('reconcile')
    .description(
      "lay someone else's file beside the ledger: 0 when all agrees, 1 when not, 2 when the file is wrong",
    )
    .option('--psp <file>', "a payment provider's CSV file")
    .option(
      '--upstream <file>',
      'CSV of the usage that an upstream billed, or of its cost; both of one period may be given',
      collect,
      [],
    )
    .requiredOption('--from <day|time>', 'first day, or time')
    .requiredOption('--to <day|time>', 'last day (inclusive), or time (exclusive)')
    .option(
      '--tz <zone>',
      "of these days and of the file's times; default Asia/Shanghai for alipay and wechat, UTC for OpenAI and Anthropic, else LEDGER_TIMEZONE",
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
    .option('--provider <id>', 'psp: whose fees and payouts are compared as well, as `cash book` booked them')
    .option('--id-column <name>', "psp: a column that has the ledger's payment id")
    .option('--by-day', 'upstream: by day and model, though the file names requests')
    .option('--by-channel', 'upstream: the totals, and so the margin, by channel and model')
    .option('--channel <id>', 'upstream: a channel whose calls it billed; may be repeated', collect, [])
    .option(
      '--model <theirs=ours>',
      'upstream: a model that has another name there; may be repeated',
      collect,
      [],
    )
    .action(async (options: Options) => {
      const context = createContext();
      const { terminal } = context;
      const reconcile = await prepareReconciliation(requestOf(options), context.config.timezone);
      await withFoundation(context, async (foundation) => {
        await untilCaughtUp(foundation);
        const { store, database } = foundation;
        const shown = progress(terminal, 'events read');
        const report = await reconcile({ store, pool: database.pool, onProgress: (read) => shown.at(read) });
        if (options.psp === undefined) shown.done('the log was read to its end');
        await pipeline(Readable.from(reportShapes[options.report](report)), process.stdout, { end: false });
        process.exitCode = report.isClean ? exitCodes.clean : exitCodes.differences;
      });
    });
}

function requestOf(options: Options): ReconciliationRequest {
  const { psp, upstream } = options;
  const [path, ...morePaths] = psp === undefined ? upstream : [psp];
  if (path === undefined) throw new UsageError('one of --psp and --upstream is needed');
  if (psp !== undefined && upstream.length > 0)
    throw new UsageError('only one of --psp and --upstream may be given');
  const against = psp === undefined ? 'upstream' : 'psp';
  const { byDay = false, byChannel = false } = options;
  return { ...options, against, path, morePaths, byDay, byChannel };
}

const collect = (value: string, before: readonly string[]): readonly string[] => [...before, value];
