import type { Command } from 'commander';
import { allProjections } from '../../projections/all-projections.js';
import { rebuildAll } from '../../projections/runtime/rebuild.js';
import { chosenProjections, refuseWhatCannotBeCompared } from '../../projections/runtime/rebuildable.js';
import type { AnyLog } from '../../compose/any-log.js';
import { type CommandContext, createContext, withFoundation, withLogAsItIs } from '../context.js';
import { exitCodes, UsageError } from '../exit-codes.js';
import { progressLine, toJson } from '../output.js';
import { describeProgress, describeResult, reportRebuilds, succeeded } from '../rebuild-report.js';

interface Options {
  readonly verify?: boolean;
  readonly accept?: boolean;
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
    .option('--json', 'print JSON')
    .action(async (name: string, options: Options) => {
      const context = createContext();
      const { terminal, config } = context;
      const chosen = chosenProjections(name, allProjections(config.timezone));
      if (options.verify && options.accept)
        throw new UsageError('--verify never swaps: --accept has no meaning');
      const withLog = options.accept ? withOurLogAsItIs : withFoundation;
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
const withOurLogAsItIs = (
  context: CommandContext,
  run: (found: Pick<AnyLog, 'database' | 'store'>) => Promise<void>,
): Promise<void> =>
  withLogAsItIs(context, async (found) => {
    const { store } = await found.ours();
    await run({ database: found.database, store });
  });
