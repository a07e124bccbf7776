import type { Command } from 'commander';
import { createContext, withFoundation } from '../context.js';

/** `counterfoil migrate`: opening the database migrates it; this command does only that, before a roll-out. */
export function addMigrateCommand(program: Command): void {
  program
    .command('migrate')
    .description('bring the database to the schema of this version')
    .action(async () => {
      const context = createContext();
      await withFoundation(context, () => Promise.resolve());
      context.terminal.err('the database has the schema of this version');
    });
}
