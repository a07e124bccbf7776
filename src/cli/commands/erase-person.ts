import type { Command } from 'commander';
import { createContext, withFoundation } from '../context.js';
import { UsageError } from '../exit-codes.js';
import { commandsBesideService, operatorMeta } from '../operator.js';

/** `counterfoil erase-person` */
export function addErasePersonCommand(program: Command): void {
  program
    .command('erase-person <external_user_id>')
    .description('destroy the key of what is known of a person; the money and its log stay')
    .requiredOption('--reason <text>', 'why, 1 to 500 characters')
    .requiredOption('--by <name>', 'who asks: an operator')
    .requiredOption('--yes', 'this cannot be taken back')
    .action(async (externalUserId: string, options: { reason: string; by: string }) => {
      const meta = operatorMeta(options);
      const context = createContext();
      await withFoundation(context, async (foundation) => {
        const commands = commandsBesideService(foundation);
        const result = await commands.eraseAccount({ externalUserId, reason: options.reason }, meta);
        if (!result.ok) throw new UsageError(`${externalUserId}: ${result.refusal.code}`);
        context.terminal.err(
          `${externalUserId}: the key is destroyed${result.replayed ? ' (it was before)' : ''}`,
        );
      });
    });
}
