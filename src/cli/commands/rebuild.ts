import { type Command, Option } from 'commander';
import { allProjections } from '../../projections/all-projections.js';
import { rebuildAll } from '../../projections/runtime/rebuild.js';
import { chosenProjections, refuseWhatCannotBeCompared } from '../../projections/runtime/rebuildable.js';
import type { AnyLog } from '../../compose/any-log.js';
import { putLogRight } from '../../compose/put-log-right.js';
import { readSecret, type SecretOptions, withSecretOptions } from '../backup-secret.js';
import { type CommandContext, createContext, withFoundation, withLogAsItIs } from '../context.js';
import { faultOf } from '../../transparency/compare-log.js';
import { exitCodes, UsageError } from '../exit-codes.js';
import { operatorMeta } from '../operator.js';
import { progress, progressLine, toJson } from '../output.js';
import {
  describeProgress,
  describePutRight,
  describeResult,
  reportRebuilds,
  succeeded,
} from '../rebuild-report.js';

interface Options extends SecretOptions {
  readonly verify?: boolean;
  readonly accept?: boolean;
  readonly againstCheckpoints?: boolean;
  readonly fromBackup?: string;
  readonly by?: string;
  readonly json?: boolean;
}

/** `counterfoil rebuild` */
export function addRebuildCommand(program: Command): void {
  const rebuild = program
    .command('rebuild <projection|all>')
    .description(
      'make the tables of a read model anew from the log, beside the live ones; swap them in when both are equal',
    );
  withSecretOptions(rebuild)
    .option('--verify', 'only compare, and throw the new tables away')
    .option(
      '--accept',
      'swap although the digests differ, or the live tables are of another version or of more than the log has',
    )
    .option(
      '--against-checkpoints',
      'with --accept: also from a log that is not what was signed of it, since a person has decided that it is the log',
    )
    .addOption(
      new Option(
        '--from-backup <folder>',
        'first put a changed log right: what the backup has and what was written after it, where that is what was signed; stop every process before',
      ).conflicts('againstCheckpoints'),
    )
    .option('--by <name>', 'with --from-backup: who puts it right, an operator')
    .option('--json', 'print JSON')
    .action(async (name: string, given: Options) => {
      const context = createContext();
      const { terminal, config } = context;
      const chosen = chosenProjections(name, allProjections(config.timezone));
      const options = { ...given, accept: given.accept === true || given.fromBackup !== undefined };
      if (options.verify && options.accept)
        throw new UsageError('--verify never swaps: --accept and --from-backup have no meaning');
      if (options.fromBackup !== undefined) await fromBackup(context, options.fromBackup, options);
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

async function fromBackup(context: CommandContext, folder: string, options: Options): Promise<void> {
  const { actor } = operatorMeta({ by: options.by ?? '', reason: 'put right from a backup' });
  const secret = await readSecret(options);
  const put = await withLogAsItIs(context, (found) =>
    putLogRight(context, found, { folder, secret, by: actor }),
  );
  context.terminal.err(describePutRight(put));
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

const WHAT_TO_DO = `Find out who has written, and keep both. Then bring the true log back. Here, with a backup from before, while every process is stopped:
  counterfoil rebuild all --from-backup <folder> --by <operator>
or, where the backup does not reach far enough, in an empty database: counterfoil restore <folder> (docs/how-to/restore.md). Look at it with
  counterfoil transparency check
Where this log is to be the ledger's from now on in spite of what was signed: counterfoil rebuild all --accept --against-checkpoints.`;
