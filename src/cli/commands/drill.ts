import type { Command } from 'commander';
import { drill, drillSummary, type DrillReport, isClean } from '../../compose/drill.js';
import { readSecret, type SecretOptions, withSecretOptions } from '../backup-secret.js';
import { createContext, withFoundation } from '../context.js';
import { exitCodes } from '../exit-codes.js';
import { progress, table, toJson } from '../output.js';
import { driftOf } from '../../books/verify/check.js';
import { restoreProgress } from './restore.js';

interface Options extends SecretOptions {
  readonly json?: boolean;
}

/** `counterfoil drill` */
export function addDrillCommand(program: Command): void {
  withSecretOptions(
    program
      .command('drill <folder>')
      .description(
        'write a backup of the running ledger, restore it into a PostgreSQL of its own, verify the books there, and throw that away again',
      ),
  )
    .option('--json', 'print JSON')
    .action(async (folder: string, options: Options) => {
      const secret = await readSecret(options);
      const context = createContext();
      const { terminal } = context;
      await withFoundation(context, async (foundation) => {
        const written = progress(terminal, 'events written');
        const report = await drill(foundation, {
          folder,
          secret,
          onWritten: (events) => written.at(events),
          onProgress: restoreProgress(terminal),
        });
        terminal.out(options.json ? toJson(drillSummary(report)) : describe(report));
        process.exitCode = isClean(report) ? exitCodes.clean : exitCodes.differences;
      });
    });
}

function describe(report: DrillReport): string {
  const { manifest, restored, sameLog, after, backupMs, restoreMs } = report;
  const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
  const lines = [
    `${manifest.log.events.toLocaleString('en-US')} events: written in ${seconds(backupMs)}, restored, projected and verified in ${seconds(restoreMs)}`,
    `the restored log ${sameLog ? 'says what the running one says' : 'DIFFERS from the running one'} up to position ${manifest.log.last.position}; drift ${driftOf(restored.verification)}`,
    `since the backup the running log has got ${after.events.toLocaleString('en-US')} events${after.to ? `, the last of ${after.to.toISOString()}` : ''}: a disaster now would lose them`,
  ];
  if (after.events > 0)
    lines.push(
      '',
      table(
        ['event', 'number'],
        Object.entries(after.types).map(([event, number]) => ({ event, number: number.toString() })),
      ),
    );
  return lines.join('\n');
}
