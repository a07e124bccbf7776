import { adjustmentDecider } from '../../domain/adjustment/decide.js';
import { adjustmentStream } from '../../domain/streams.js';
import type { CommandResult, Handler } from '../handling/command.js';
import { handle } from '../handling/handle.js';
import { adjustmentUuidOf } from '../handling/identifiers.js';
import { load } from '../handling/load.js';
import { planOne, refused } from '../handling/plan.js';
import type { CommandDependencies } from '../handling/ports.js';
import { exceedsBalance, takeBackHoldId, withReservation } from '../handling/reservation.js';
import { takeBackOf } from './adjust-balance.js';
import type { AdjustmentCommands } from './commands.js';

const loadAdjustment = ({ store }: Pick<CommandDependencies, 'store'>, adjustmentId: string) =>
  load(store, adjustmentStream(adjustmentUuidOf(adjustmentId)), adjustmentDecider);

/** Makes a correction that somebody else asked for. What goes down is held first, and must be there now. */
export function approveAdjustment(
  dependencies: CommandDependencies,
): Handler<AdjustmentCommands['approveAdjustment']> {
  return async ({ adjustmentId }, meta) => {
    let holdInForce: string | undefined;
    const result = await withReservation(
      dependencies,
      (reserve) =>
        handle(dependencies, 'approve-adjustment', meta, async () => {
          const adjustment = await loadAdjustment(dependencies, adjustmentId);
          if (!adjustment.state) return refused({ code: 'adjustment_not_found' });
          const { accountId, quota, status } = adjustment.state;
          const takeBack = takeBackOf({ adjustmentId, ...adjustment.state });
          const holdId = quota < 0n ? takeBackHoldId(takeBack) : null;
          const balance = status === 'requested' && quota > 0n ? await dependencies.balanceOf(accountId) : 0n;
          const decision = adjustmentDecider.decide(
            { kind: 'approve', adjustmentId, holdId, balance, by: meta.actor },
            adjustment.state,
          );
          if (holdId && decision.kind === 'accepted' && decision.events.length > 0) {
            const hold = await reserve(takeBack);
            if (!hold.ok) return refused(exceedsBalance('adjustment_exceeds_balance', hold));
          }
          holdInForce = holdId ?? undefined;
          return planOne(adjustment, decision, { accountId, quota });
        }),
      () => holdInForce,
    );
    return decided(dependencies, adjustmentId, result);
  };
}

/** Ends a request without making the correction; whoever asked may take it back so. */
export function declineAdjustment(
  dependencies: CommandDependencies,
): Handler<AdjustmentCommands['declineAdjustment']> {
  return async ({ adjustmentId, reason }, meta) => {
    const result = await handle(dependencies, 'decline-adjustment', meta, async () => {
      const adjustment = await loadAdjustment(dependencies, adjustmentId);
      if (!adjustment.state) return refused({ code: 'adjustment_not_found' });
      const { accountId, quota } = adjustment.state;
      const decision = adjustmentDecider.decide(
        {
          kind: 'decline',
          adjustmentId,
          reason: await dependencies.vault.sealText(accountId, reason),
          by: meta.actor,
        },
        adjustment.state,
      );
      return planOne(adjustment, decision, { accountId, quota });
    });
    return decided(dependencies, adjustmentId, result);
  };
}

async function decided<Value>(
  { adjustmentRequests }: CommandDependencies,
  adjustmentId: string,
  result: CommandResult<Value>,
): Promise<CommandResult<Value>> {
  if (result.ok) await adjustmentRequests.remove(adjustmentId);
  return result;
}
