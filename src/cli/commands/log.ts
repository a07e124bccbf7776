import type { Command } from 'commander';
import { openMove } from '../../compose/log-move.js';
import { readLogHistory } from '../../commands/move/log-history.js';
import { CopyDiffers } from '../../move/align-logs.js';
import { type MoveReport, moveLog } from '../../move/move-log.js';
import { SourceNotWhole } from '../../move/whole-source.js';
import { createContext, withLogAsItIs, withShutdown } from '../context.js';
import { exitCodes } from '../exit-codes.js';
import { operatorMeta } from '../operator.js';
import { progressLine, table, type Terminal, toJson } from '../output.js';

/** `counterfoil log accept | copy | seal | show` */
export function addLogCommands(program: Command): void {
  const log = program.command('log').description('whose the log is, and where');
  addAccept(log);
  addCopy(log);
  addSeal(log);
  addShow(log);
}

function addAccept(log: Command): void {
  log
    .command('accept')
    .description(
      'take the log as it is, an older copy of the right one, for the log from now on; stop every process before',
    )
    .requiredOption('--reason <text>', 'why, 1 to 500 characters')
    .requiredOption('--by <name>', 'who decided it: an operator')
    .action(async (options: { readonly reason: string; readonly by: string }) => {
      const meta = operatorMeta(options);
      const context = createContext();
      await withLogAsItIs(context, async (found) => {
        const generation = await found.accept(options.reason, meta);
        context.terminal.err(
          `the log is accepted as generation ${generation}: where the tables are newer, run counterfoil rebuild all --accept; then start every process again`,
        );
      });
    });
}

interface CopyOptions {
  readonly from: string;
  readonly to: string;
  readonly by: string;
  readonly json?: boolean;
}

function addCopy(log: Command): void {
  const url = 'esdb://…, postgres://…, or `database` for the log in the database of this ledger';
  log
    .command('copy')
    .description(
      "move the ledger's log to another server: copy it, close it, compare both and make the tables of the copy; goes on where it was stopped",
    )
    .requiredOption('--from <url>', `the log as it is: ${url}`)
    .requiredOption('--to <url>', 'where it is to be: an empty log')
    .requiredOption('--by <name>', 'who moves it: an operator')
    .option('--json', 'print JSON')
    .action(async ({ from, to, by, json }: CopyOptions) => {
      const { actor } = operatorMeta({ by, reason: 'move' });
      const context = createContext();
      const onProgress = describeSteps(context.terminal);
      await withShutdown(context, async (base) => {
        try {
          const report = await moveLog(await openMove(base, { from, to, by: actor, onProgress }));
          context.terminal.out(json ? toJson(report) : describe(report));
        } catch (error) {
          if (!(error instanceof CopyDiffers || error instanceof SourceNotWhole)) throw error;
          context.terminal.err(error.message);
          process.exitCode = exitCodes.differences;
        }
      });
    });
}

/** A line for each step, and place and rate within it. */
function describeSteps(terminal: Terminal): (step: string, events?: number) => void {
  const shown = progressLine(terminal);
  let [current, first, sinceMs] = ['', 0, 0];
  return (step, events) => {
    if (events === undefined) return shown.done(step);
    if (step !== current) [current, first, sinceMs] = [step, events, Date.now()];
    shown.show(() => {
      const rate = Math.round((events - first) / Math.max(0.001, (Date.now() - sinceMs) / 1000));
      return `${step}: ${events.toLocaleString('en-US')} events, ${rate.toLocaleString('en-US')}/s`;
    });
  };
}

function describe({ tables, events, generation, copyId }: MoveReport): string {
  const rows = tables.map((each) => ({ ...each }));
  return `${table(['table', 'rows', 'digest'], rows)}\n${events.toLocaleString('en-US')} events and all tables are equal in both logs; copy ${copyId}, generation ${generation}`;
}

function addSeal(log: Command): void {
  log
    .command('seal')
    .description(
      'say that from here on every event is sealed: once, when every process has a version that seals; an event that is not stops the ledger then',
    )
    .requiredOption('--by <name>', 'who says it: an operator')
    .action(async ({ by }: { readonly by: string }) => {
      const meta = operatorMeta({ by, reason: 'seal' });
      const context = createContext();
      await withLogAsItIs(context, async (found) => {
        const isNew = await found.seal(meta);
        context.terminal.err(
          isNew
            ? 'every event from here on is sealed: set SEALED_LOG=required'
            : 'the log says so already: set SEALED_LOG=required',
        );
      });
    });
}

function addShow(log: Command): void {
  log
    .command('show')
    .description('what the log says of itself: where it was copied from, and where it was moved to')
    .action(async () => {
      const context = createContext();
      await withLogAsItIs(context, async ({ store }) => {
        const { begun, copied, closed } = await readLogHistory(store);
        context.terminal.out(toJson({ begun, copied, closed, head: await store.head() }));
      });
    });
}
