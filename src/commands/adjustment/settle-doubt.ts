import { adjustmentDecider } from '../../domain/adjustment/decide.js';
import { doubtAdjustmentId } from '../../domain/adjustment/doubt.js';
import { adjustmentStream } from '../../domain/streams.js';
import { loadAccount } from '../account/load-account.js';
import type { Handler } from '../handling/command.js';
import { handle } from '../handling/handle.js';
import { adjustmentUuidOf } from '../handling/identifiers.js';
import { load } from '../handling/load.js';
import { planOne, refused } from '../handling/plan.js';
import type { CommandDependencies } from '../handling/ports.js';
import { reasonAsStored } from './reason.js';
import type { AdjustmentCommands } from './commands.js';

/** Both outcomes are the first event of one stream: of two operators who decide at once one is told that it was settled. */
export function settleDoubt(
  dependencies: CommandDependencies,
  adjust: Handler<AdjustmentCommands['adjustBalance']>,
): Handler<AdjustmentCommands['settleDoubt']> {
  return ({ externalUserId, callId, charged, quota, reason }, meta) => {
    const adjustmentId = doubtAdjustmentId(callId);
    const difference = charged - quota;
    if (difference !== 0n) return adjust({ externalUserId, adjustmentId, quota: difference, reason }, meta);
    const stream = adjustmentStream(adjustmentUuidOf(adjustmentId));
    return handle(dependencies, 'settle-doubt', meta, async () => {
      const [account, adjustment] = await Promise.all([
        loadAccount(dependencies, externalUserId),
        load(dependencies.store, stream, adjustmentDecider),
      ]);
      if (!account.state) return refused({ code: 'account_not_found' });
      const { accountId, userId } = account.state;
      const by = meta.actor;
      const stored = await reasonAsStored(dependencies.vault, accountId, reason, adjustment.state);
      const decision = adjustmentDecider.decide(
        { kind: 'accept-doubt', adjustmentId, accountId, userId, callId, charged, reason: stored, by },
        adjustment.state,
      );
      return planOne(adjustment, decision, { accountId });
    });
  };
}
