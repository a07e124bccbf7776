import type { Command } from 'commander';
import { instantOf } from '../../books/audit/moment.js';
import { operatorGrantKinds } from '../../domain/grant/events.js';
import { parseDecimal } from '../../domain/money/decimal.js';
import { quotaOfUsd } from '../../domain/money/quota.js';
import { createContext, withFoundation } from '../context.js';
import { UsageError } from '../exit-codes.js';
import { toJson } from '../output.js';
import { commandsBesideService, commandsThatHold, operatorMeta } from '../operator.js';

interface GiveOptions {
  readonly usd: string;
  readonly id: string;
  readonly kind: string;
  readonly ends?: string;
  readonly reason: string;
  readonly by: string;
}

/** `counterfoil grants` */
export function addGrantCommands(program: Command): void {
  const grants = program.command('grants').description('quota that is given, and may end');
  grants
    .command('give <external_user_id>')
    .description('give a user quota, once for each id; GRANTS must be on')
    .requiredOption('--usd <amount>', 'dollars; at most 6 places')
    .requiredOption('--id <id>', 'of this grant: the same id again does nothing')
    .option('--kind <kind>', 'promo or compensation', 'promo')
    .option(
      '--ends <time>',
      "a day of the ledger's zone, which counts as a whole, or ISO 8601; absent: never",
    )
    .requiredOption('--reason <text>', 'why, 1 to 500 characters')
    .requiredOption('--by <name>', 'who decided it: an operator')
    .action(give);
  grants
    .command('withdraw <grant_id>')
    .description('take back what is left of a grant')
    .requiredOption('--reason <text>', 'why, 1 to 500 characters')
    .requiredOption('--by <name>', 'who decided it: an operator')
    .action(withdraw);
}

async function give(externalUserId: string, options: GiveOptions): Promise<void> {
  const meta = operatorMeta(options);
  const { id, reason } = options;
  const kind = operatorGrantKinds.find((each) => each === options.kind);
  if (!kind) throw new UsageError('--kind is promo or compensation');
  const amount = parseDecimal(options.usd);
  if (!amount || amount.scale > 6) throw new UsageError('--usd is an amount such as 12.5');
  if (id.length < 1 || id.length > 150) throw new UsageError('--id has 1 to 150 characters');
  const context = createContext();
  const endsAt = options.ends === undefined ? undefined : instantOf(options.ends, context.config.timezone);
  if (options.ends !== undefined && !(endsAt && endsAt.getTime() > Date.now()))
    throw new UsageError('--ends is a day or a time to come, such as 2027-03-31');
  await withFoundation(context, async (foundation) => {
    const terms = { externalUserId, quota: quotaOfUsd(amount), kind, endsAt, reason };
    const result = await commandsBesideService(foundation).giveGrant(
      { ...terms, source: `operator:${id}` },
      meta,
    );
    if (!result.ok) throw new UsageError(`nothing was given: ${toJson(result.refusal)}`);
    const done = result.replayed ? 'it had been given before' : 'given';
    context.terminal.err(`${externalUserId}: ${done}, ${result.value.quota} quota, ${result.value.grantId}`);
  });
}

async function withdraw(
  grantId: string,
  options: { readonly reason: string; readonly by: string },
): Promise<void> {
  const meta = operatorMeta(options);
  const context = createContext();
  await withFoundation(context, async (foundation) => {
    const commands = await commandsThatHold(foundation);
    const result = await commands.closeGrant({ grantId, why: 'withdrawn', reason: options.reason }, meta);
    if (!result.ok) throw new UsageError(`nothing was taken back: ${toJson(result.refusal)}`);
    context.terminal.err(`${grantId}: nothing burns it any more; the service takes what is left`);
  });
}
