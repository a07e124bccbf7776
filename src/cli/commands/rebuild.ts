import type { Command } from 'commander';
import { allProjections } from '../../projections/all-projections.js';
import { rebuildAll } from '../../projections/runtime/rebuild.js';
import { chosenProjections, refuseWhatCannotBeCompared } from '../../projections/runtime/rebuildable.js';
import type { AnyLog } from '../../compose/any-log.js';
import { type CommandContext, createContext, withFoundation, withLogAsItIs } from '../context.js';
import { faultOf } from '../../transparency/compare-log.js';
import { exitCodes, UsageError } from '../exit-codes.js';
import { progress, progressLine, toJson } from '../output.js';
import { describeProgress, describeResult, reportRebuilds, succeeded } from '../rebuild-report.js';

interface Options {
  readonly verify?: boolean;
  readonly accept?: boolean;
  readonly againstCheckpoints?: boolean;
  readonly json?: boolean;
}

/** `counterfoil rebuild` */
export function addRebuildCommand(program: Command): void {
  program
    .command('rebuild <projection|all>')
    .description(
      'make the tables of a read model anew from the log, beside the live ones; swap them in when both are equal',
    )
    .option('--verify', 'only compare, and throw the new tables away')
    .option(
      '--accept',
      'swap although the digests differ, or the live tables are of another version or of more than the log has',
    )
    .option(
      '--against-checkpoints',
      'with --accept: also from a log that is not what was signed of it, since a person has decided that it is the log',
    )
    .option('--json', 'print JSON')
    .action(async (name: string, options: Options) => {
      const context = createContext();
      const { terminal, config } = context;
      const chosen = chosenProjections(name, allProjections(config.timezone));
      if (options.verify && options.accept)
        throw new UsageError('--verify never swaps: --accept has no meaning');
      const withLog = options.accept ? withOurLogAsItIs(options) : withFoundation;
      await withLog(context, async ({ database: { pool }, store }) => {
        await refuseWhatCannotBeCompared(pool, chosen, options);
        const shown = progressLine(terminal);
        const describe = describeProgress();
        const results = await rebuildAll(chosen, {
          pool,
          store,
          swap: options.verify !== true,
          accept: options.accept === true,
          onProgress: (progress) => shown.show(() => describe(progress)),
          onFilled: () => shown.done('the new tables are filled; comparing'),
          onResult: (result) => shown.done(describeResult(result)),
        });
        terminal.out(options.json ? toJson(results) : reportRebuilds(results));
        process.exitCode = results.every(succeeded) ? exitCodes.clean : exitCodes.differences;
      });
    });
}

/** Tables that are newer than the log are what `--accept` is for. */
const withOurLogAsItIs =
  ({ againstCheckpoints = false }: Options) =>
  (
    context: CommandContext,
    run: (found: Pick<AnyLog, 'database' | 'store'>) => Promise<void>,
  ): Promise<void> =>
    withLogAsItIs(context, async (found) => {
      const { store } = await found.ours();
      const fault = againstCheckpoints ? undefined : await notSigned(context, found);
      if (fault === undefined) return run({ database: found.database, store });
      context.terminal.err(`nothing was rebuilt: ${fault}.\n${WHAT_TO_DO}`);
      process.exitCode = exitCodes.differences;
    });

/**
 * Why nothing is made of a log that is not what was signed of it: tables that are made of a changed log say what it does. Undefined where
 * it is, or nothing was signed.
 */
async function notSigned(context: CommandContext, found: AnyLog): Promise<string | undefined> {
  const signed = await found.signed();
  if (signed === undefined) return undefined;
  const shown = progress(context.terminal, 'entries held against what was signed');
  const fault = await faultOf(signed, found.store, (entries) => shown.at(entries));
  shown.done('the log was held against what was signed of it');
  return fault;
}

const WHAT_TO_DO = `Find out who has written, and keep both. Then bring the true log back: into an empty database, with the backup from before,
  counterfoil restore <folder>            (docs/how-to/restore.md), and look at it with
  counterfoil transparency check
Where this log is to be the ledger's from now on in spite of what was signed: counterfoil rebuild all --accept --against-checkpoints.`;
