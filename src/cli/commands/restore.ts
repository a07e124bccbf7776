import { type Command, InvalidArgumentError } from 'commander';
import { type RestoreProgress, restoreLedger } from '../../compose/restore.js';
import { ShutdownList } from '../../compose/shutdown.js';
import { readSecret, type SecretOptions, withSecretOptions } from '../backup-secret.js';
import { createContext } from '../context.js';
import { exitCodes } from '../exit-codes.js';
import { operatorMeta } from '../operator.js';
import { progressLine, type Terminal, toJson } from '../output.js';
import { describeRestore, restoreSummary } from '../restore-report.js';
import { driftOf } from '../../books/verify/check.js';

interface Options extends SecretOptions {
  readonly by: string;
  readonly leaveOut: number;
  readonly json?: boolean;
}

const LEAVE_OUT = 1_000;

/** `counterfoil restore` */
export function addRestoreCommand(program: Command): void {
  withSecretOptions(
    program
      .command('restore <folder>')
      .description(
        'make an empty database and an empty log the ledger of a backup; stop every process before',
      ),
  )
    .requiredOption('--by <name>', 'who restores: an operator')
    .option(
      '--leave-out <count>',
      'numbers of users and access keys that are skipped: some were given after the backup',
      count,
      LEAVE_OUT,
    )
    .option('--json', 'print JSON')
    .action(async (folder: string, options: Options) => {
      const meta = operatorMeta({ by: options.by, reason: 'restored from a backup' });
      const secret = await readSecret(options);
      const context = createContext();
      const { config, log, terminal } = context;
      const shutdown = new ShutdownList(log);
      try {
        const onProgress = restoreProgress(terminal);
        const { leaveOut } = options;
        const report = await restoreLedger(
          { config, log, shutdown },
          { folder, secret, meta, leaveOut, onProgress },
        );
        terminal.out(options.json ? toJson(restoreSummary(report)) : describeRestore(report));
        process.exitCode = driftOf(report.verification) === 0 ? exitCodes.clean : exitCodes.differences;
      } finally {
        await shutdown.run();
      }
    });
}

/** A line for each thing that takes long. */
export function restoreProgress(terminal: Terminal): RestoreProgress {
  const { show, done } = progressLine(terminal);
  const number = (value: number): string => value.toLocaleString('en-US');
  let events = 0;
  const at = (what: string) => (count: number) =>
    show(() => `${number(count)} of ${number(events)} events ${what}`);
  return {
    checked: (bytes, of) => show(() => `${number(bytes)} of ${number(of)} bytes checked`),
    whole: ({ manifest }) => {
      ({ events } = manifest.log);
      done(`the backup of ${manifest.written_at} is whole: ${number(events)} events`);
    },
    restored: at('restored'),
    projected: at('in the read models'),
    verified: at('verified'),
  };
}

function count(text: string): number {
  if (!/^\d{1,7}$/.test(text)) throw new InvalidArgumentError('a count is a whole number up to 9,999,999');
  return Number(text);
}
