import type { Command } from 'commander';
import { type UnsealedTexts, unsealedTextsOf } from '../../books/unsealed-texts.js';
import { createContext, withFoundation } from '../context.js';
import { UsageError } from '../exit-codes.js';
import { commandsBesideService, operatorMeta } from '../operator.js';

/** `counterfoil erase-person` */
export function addErasePersonCommand(program: Command): void {
  program
    .command('erase-person <external_user_id>')
    .description(
      'destroy the key of what is known of a person, and revoke the access keys; the money and its log stay',
    )
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
          `${externalUserId}: the key is destroyed${result.replayed ? ' (it was before)' : ''}, and the access keys are revoked`,
        );
        const unsealed = await unsealedTextsOf(foundation.store, result.value.accountId);
        for (const line of toldOf(unsealed)) context.terminal.err(line);
      });
    });
}

/** The log is never changed: what an earlier version wrote into it in the clear can be taken out by nobody but whoever keeps the database. */
function toldOf(unsealed: readonly UnsealedTexts[]): readonly string[] {
  if (unsealed.length === 0) return [];
  return [
    `${unsealed.length} events of versions before 0.3.0 hold unsealed words about the person, in the log and in the read models made of it:`,
    ...unsealed.map(
      ({ position, stream, revision, type, fields }) =>
        `  position ${position}  ${stream}@${revision}  ${type}  ${fields.join(', ')}`,
    ),
    'Counterfoil does not change its log. Whoever keeps the database decides whether these words must go; docs/operators.md says how.',
  ];
}
