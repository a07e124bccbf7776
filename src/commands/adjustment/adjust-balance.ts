import { adjustmentDecider } from '../../domain/adjustment/decide.js';
import { adjustmentStream } from '../../domain/streams.js';
import { loadAccount } from '../account/load-account.js';
import type { Handler } from '../handling/command.js';
import { handle } from '../handling/handle.js';
import { adjustmentUuidOf } from '../handling/identifiers.js';
import { load } from '../handling/load.js';
import { planOne, refused } from '../handling/plan.js';
import type { CommandDependencies } from '../handling/ports.js';
import { reasonAsStored } from './reason.js';
import { exceedsBalance, takeBackHoldId, withReservation } from '../handling/reservation.js';
import type { AdjustmentCommands } from './commands.js';

/** An operator's correction, up or down. What goes down is held first, as with a refund. */
export function adjustBalance(
  dependencies: CommandDependencies,
): Handler<AdjustmentCommands['adjustBalance']> {
  return ({ externalUserId, adjustmentId, quota, ...said }, meta) => {
    const stream = adjustmentStream(adjustmentUuidOf(adjustmentId));
    const takenBack = quota < 0n ? -quota : 0n;
    let holdInForce: string | undefined;
    return withReservation(
      dependencies,
      (reserve) =>
        handle(dependencies, 'adjust-balance', meta, async () => {
          const [account, adjustment] = await Promise.all([
            loadAccount(dependencies, externalUserId),
            load(dependencies.store, stream, adjustmentDecider),
          ]);
          if (!account.state) return refused({ code: 'account_not_found' });
          const { accountId, userId } = account.state;
          const reason = await reasonAsStored(dependencies.vault, accountId, said.reason, adjustment.state);
          const takeBack = {
            kind: 'adjustment',
            stream,
            reference: JSON.stringify([adjustmentId, accountId, reason]),
            accountId,
            quota: takenBack,
          } as const;
          const holdId = takenBack > 0n ? takeBackHoldId(takeBack) : null;
          const balance = !adjustment.state && quota > 0n ? await dependencies.balanceOf(accountId) : 0n;
          const decision = adjustmentDecider.decide(
            {
              kind: 'adjust',
              adjustmentId,
              accountId,
              userId,
              quota,
              holdId,
              balance,
              reason,
              by: meta.actor,
            },
            adjustment.state,
          );
          if (holdId && decision.kind === 'accepted' && decision.events.length > 0) {
            const hold = await reserve(takeBack);
            if (!hold.ok) return refused(exceedsBalance('adjustment_exceeds_balance', hold));
          }
          holdInForce = holdId ?? undefined;
          return planOne(adjustment, decision, { accountId });
        }),
      () => holdInForce,
    );
  };
}
