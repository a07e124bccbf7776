import type { Command } from 'commander';
import { digestBooks } from '../../books/digest/digest-books.js';
import { createContext, withFoundation } from '../context.js';
import { untilCaughtUp } from '../caught-up.js';
import { table, toJson } from '../output.js';

/** `counterfoil digest` */
export function addDigestCommand(program: Command): void {
  program
    .command('digest')
    .description(
      'one digest a table of every read model, equal for the same events on whatever log and server: to compare before and after',
    )
    .option('--json', 'print JSON')
    .action(async ({ json }: { json?: boolean }) => {
      const context = createContext();
      await withFoundation(context, async (foundation) => {
        await untilCaughtUp(foundation);
        const digest = await digestBooks(foundation.database.pool);
        context.terminal.out(
          json
            ? toJson(digest)
            : table(
                ['table', 'rows', 'digest'],
                digest.tables.map((row) => ({ ...row })),
              ),
        );
      });
    });
}
