import type { Command } from 'commander';
import { openCommands } from '../../compose/write-side.js';
import { createContext, withFoundation } from '../context.js';
import { UsageError } from '../exit-codes.js';

/** `counterfoil erase-person` */
export function addErasePersonCommand(program: Command): void {
  program
    .command('erase-person <external_user_id>')
    .description('destroy the key of what is known of a person; the money and its log stay')
    .requiredOption('--reason <text>', 'why, 1 to 500 characters')
    .requiredOption('--by <name>', 'who asks: an operator')
    .requiredOption('--yes', 'this cannot be taken back')
    .action(async (externalUserId: string, { reason, by }: { reason: string; by: string }) => {
      if (!/^[\w.@-]{1,100}$/.test(by)) throw new UsageError('--by is a name of letters, digits, . _ @ -');
      if (reason.length < 1 || reason.length > 500) throw new UsageError('--reason has 1 to 500 characters');
      const context = createContext();
      await withFoundation(context, async (foundation) => {
        const commands = openCommands(foundation, withoutCache);
        const result = await commands.eraseAccount(
          { externalUserId, reason },
          { actor: `operator:${by}`, requestId: 'cli' },
        );
        if (!result.ok) throw new UsageError(`${externalUserId}: ${result.refusal.code}`);
        context.terminal.err(
          `${externalUserId}: the key is destroyed${result.replayed ? ' (it was before)' : ''}`,
        );
      });
    });
}

/** A command beside the service: the projector raises the guards when it sees the event, and an erasure holds nothing. */
const withoutCache: Parameters<typeof openCommands>[1] = {
  guards: { raiseGuards: () => Promise.resolve() },
  reservations: {
    reserve: () => Promise.reject(new Error('an erasure holds nothing')),
    settle: () => Promise.resolve(),
    release: () => Promise.resolve(),
    abandon: () => undefined,
  },
};
