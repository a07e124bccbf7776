import type { Command } from 'commander';
import { parseDecimal } from '../../domain/money/decimal.js';
import { quotaOfUsd } from '../../domain/money/quota.js';
import { createContext, withFoundation } from '../context.js';
import { UsageError } from '../exit-codes.js';
import { toJson } from '../output.js';
import { commandsBesideService, commandsThatHold, operatorMeta } from '../operator.js';

interface Options {
  readonly usd: string;
  readonly id: string;
  readonly reason: string;
  readonly by: string;
}

/** `counterfoil adjust` */
export function addAdjustCommand(program: Command): void {
  program
    .command('adjust <external_user_id>')
    .description("an operator's correction of a balance, once for each id")
    .requiredOption('--usd <amount>', 'dollars to give, or with a minus to take; at most 6 places')
    .requiredOption('--id <id>', 'of this correction: the same id again does nothing')
    .requiredOption('--reason <text>', 'why, 1 to 500 characters')
    .requiredOption('--by <name>', 'who decided it: an operator')
    .action(async (externalUserId: string, options: Options) => {
      const meta = operatorMeta(options);
      const quota = quotaOf(options.usd);
      if (options.id.length < 1 || options.id.length > 200)
        throw new UsageError('--id has 1 to 200 characters');
      const context = createContext();
      await withFoundation(context, async (foundation) => {
        const commands = quota > 0n ? commandsBesideService(foundation) : await commandsThatHold(foundation);
        const adjustment = { externalUserId, adjustmentId: options.id, quota, reason: options.reason };
        const result = await commands.adjustBalance(adjustment, meta);
        if (!result.ok) throw new UsageError(`nothing was changed: ${toJson(result.refusal)}`);
        const { isPending } = result.value;
        const now = isPending ? 'waits for another operator' : 'adjusted';
        const before = isPending ? 'it waits for another operator still' : 'it had been adjusted before';
        const done = result.replayed ? before : now;
        context.terminal.err(`${externalUserId}: ${done}, ${quota} quota, log position ${result.position}`);
      });
    });
}

function quotaOf(usd: string): bigint {
  const amount = parseDecimal(usd);
  if (!amount || amount.scale > 6) throw new UsageError('--usd is an amount such as 12.5 or -0.02');
  const quota = quotaOfUsd(amount);
  if (quota === 0n) throw new UsageError('--usd is nothing');
  return quota;
}
