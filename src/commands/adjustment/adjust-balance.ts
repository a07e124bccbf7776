import { adjustmentDecider } from '../../domain/adjustment/decide.js';
import type { AdjustmentEvent, AdjustmentState } from '../../domain/adjustment/state.js';
import type { Decision } from '../../domain/decider.js';
import { adjustmentStream } from '../../domain/streams.js';
import { loadAccount } from '../account/load-account.js';
import type { Handler } from '../handling/command.js';
import { handle } from '../handling/handle.js';
import { adjustmentUuidOf } from '../handling/identifiers.js';
import { load } from '../handling/load.js';
import { planOne, refused } from '../handling/plan.js';
import type { CommandDependencies } from '../handling/ports.js';
import { reasonAsStored } from './reason.js';
import { exceedsBalance, type TakeBack, takeBackHoldId, withReservation } from '../handling/reservation.js';
import type { AdjustmentCommands } from './commands.js';

/**
 * An operator's correction, up or down. What goes down is held first, as with a refund. One that is too large for one operator is
 * recorded as a request: nothing is held for it until another one approves it.
 */
export function adjustBalance(
  dependencies: CommandDependencies,
  alone: bigint | undefined,
): Handler<AdjustmentCommands['adjustBalance']> {
  return ({ externalUserId, adjustmentId, quota, ...said }, meta) => {
    const stream = adjustmentStream(adjustmentUuidOf(adjustmentId));
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
          const takeBack = takeBackOf({ adjustmentId, accountId, reason, quota });
          const holdId = quota < 0n ? takeBackHoldId(takeBack) : null;
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
              alone,
            },
            adjustment.state,
          );
          const isPending = pendingAfter(decision, adjustment.state);
          if (isPending) await dependencies.adjustmentRequests.add({ adjustmentId, externalUserId });
          if (holdId && !isPending && decision.kind === 'accepted' && decision.events.length > 0) {
            const hold = await reserve(takeBack);
            if (!hold.ok) return refused(exceedsBalance('adjustment_exceeds_balance', hold));
          }
          holdInForce = holdId ?? undefined;
          return planOne(adjustment, decision, { accountId, isPending });
        }),
      () => holdInForce,
    );
  };
}

/** Whether the correction waits for a second operator once the decision is stored: asked for just now, or before. */
function pendingAfter(decision: Decision<AdjustmentEvent>, state: AdjustmentState): boolean {
  if (decision.kind === 'refused') return false;
  const [event] = decision.events;
  return event ? event.type === 'adjustment-requested' : state?.status === 'requested';
}

/** What a correction that goes down holds, whoever makes it. */
export function takeBackOf(correction: {
  readonly adjustmentId: string;
  readonly accountId: string;
  readonly reason: string;
  readonly quota: bigint;
}): TakeBack {
  const { adjustmentId, accountId, reason, quota } = correction;
  return {
    kind: 'adjustment',
    stream: adjustmentStream(adjustmentUuidOf(adjustmentId)),
    reference: JSON.stringify([adjustmentId, accountId, reason]),
    accountId,
    quota: quota < 0n ? -quota : 0n,
  };
}
