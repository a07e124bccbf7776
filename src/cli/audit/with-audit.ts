import { InvalidArgumentError } from 'commander';
import { openSharedCache } from '../../compose/cached-balance.js';
import { type Audit, createAudit } from '../../books/audit/audit.js';
import { positionOf } from '../../books/audit/moment.js';
import { type CommandContext, withFoundation } from '../context.js';

/** Opens the ledger for questions. Of the cached balances only those in Redis can be seen from here. */
export function withAudit<Result>(
  context: CommandContext,
  ask: (audit: Audit, seesHolds: boolean) => Promise<Result>,
): Promise<Result> {
  return withFoundation(context, async (foundation) => {
    const cachedBalance = await openSharedCache(foundation);
    const audit = createAudit({
      pool: foundation.database.pool,
      store: foundation.store,
      openTexts: foundation.vault.openTexts,
      cachedBalance,
      timeZone: context.config.timezone,
      now: () => new Date(),
    });
    return ask(audit, cachedBalance !== undefined);
  });
}

/** For commander. */
export function parsePosition(text: string): bigint {
  const position = positionOf(text);
  if (position === undefined) throw new InvalidArgumentError('a position is a whole number, or -1');
  return position;
}
