import type { Command } from 'commander';
import { createContext, withLogAsItIs } from '../context.js';
import { operatorMeta } from '../operator.js';

/** `counterfoil log accept` */
export function addLogCommands(program: Command): void {
  program
    .command('log')
    .description('whose the log is')
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
