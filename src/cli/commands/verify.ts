import type { Command } from 'commander';
import { sealsOfLog } from '../../compose/seals.js';
import { openSignedHistory } from '../../compose/transparency.js';
import { openSharedCache } from '../../compose/cached-balance.js';
import { verifyBooks } from '../../books/verify/verify-books.js';
import { createContext, withFoundation } from '../context.js';
import { exitCodes } from '../exit-codes.js';
import { progress, toJson } from '../output.js';
import { driftOf } from '../../books/verify/check.js';
import { reportVerification } from '../verification-report.js';

/** `counterfoil verify` */
export function addVerifyCommand(program: Command): void {
  program
    .command('verify')
    .description('fold the log in memory and compare every read model and the cached balances with it')
    .option('--json', 'print JSON')
    .action(async ({ json }: { json?: boolean }) => {
      const context = createContext();
      const { terminal } = context;
      await withFoundation(context, async (foundation) => {
        const cachedBalance = await openSharedCache(foundation);
        if (!cachedBalance)
          terminal.err(
            'Without REDIS_URL the cached balances are in the memory of the service and are not compared.',
          );
        const shown = progress(terminal, 'events folded');
        const verification = await verifyBooks({
          store: foundation.store,
          pool: foundation.database.pool,
          cachedBalance,
          seals: sealsOfLog(foundation),
          signed: await openSignedHistory(foundation),
          onProgress: ({ events }) => shown.at(events),
        });
        const drift = driftOf(verification);
        shown.done(`verified up to position ${verification.position}`);
        terminal.out(json ? toJson({ drift, ...verification }) : reportVerification(verification));
        process.exitCode = drift === 0 ? exitCodes.clean : exitCodes.differences;
      });
    });
}
