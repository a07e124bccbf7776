import { accept, type Decider, type Decision, refuse, replay } from '../decider.js';
import { CREDIT_CEILING } from '../money/quota.js';
import { adjustmentEvents } from './events.js';
import { type Adjustment, type AdjustmentEvent, type AdjustmentState, evolveAdjustment } from './state.js';

export interface AdjustBalance {
  readonly kind: 'adjust';
  readonly adjustmentId: string;
  readonly accountId: string;
  readonly userId: number;
  /** Signed. */
  readonly quota: bigint;
  /** Names the hold of a negative correction; null for a positive one. */
  readonly holdId: string | null;
  /** The account's projected balance in quota. */
  readonly balance: bigint;
  readonly reason: string;
  readonly by: string;
}

/** A charge in doubt stands as it is. */
export interface AcceptDoubt extends Pick<
  AdjustBalance,
  'adjustmentId' | 'accountId' | 'userId' | 'reason' | 'by'
> {
  readonly kind: 'accept-doubt';
  readonly callId: string;
  /** What the call was charged. */
  readonly charged: bigint;
}

function decide(command: AdjustBalance | AcceptDoubt, state: AdjustmentState): Decision<AdjustmentEvent> {
  if (state) return repeat(command, state);
  return command.kind === 'adjust' ? adjust(command) : acceptDoubt(command);
}

function repeat(command: AdjustBalance | AcceptDoubt, done: Adjustment): Decision<AdjustmentEvent> {
  const quota = command.kind === 'adjust' ? command.quota : 0n;
  if (done.accountId !== command.accountId)
    return refuse({ code: 'adjustment_conflict', field: 'external_user_id' });
  if (done.quota !== quota) return refuse({ code: 'adjustment_conflict', field: 'quota' });
  if (done.reason !== command.reason) return refuse({ code: 'adjustment_conflict', field: 'reason' });
  return replay();
}

function acceptDoubt(command: AcceptDoubt): Decision<AdjustmentEvent> {
  return accept({
    type: 'doubt-accepted',
    data: {
      adjustment_id: command.adjustmentId,
      account_id: command.accountId,
      user_id: command.userId,
      call_id: command.callId,
      quota: command.charged,
      reason: command.reason,
      by: command.by,
    },
  });
}

function adjust(command: AdjustBalance): Decision<AdjustmentEvent> {
  if (command.quota === 0n || command.quota < -CREDIT_CEILING)
    return refuse({ code: 'amount_invalid', field: 'quota' });
  if (command.quota > 0n && command.balance + command.quota > CREDIT_CEILING)
    return refuse({ code: 'balance_ceiling', max: CREDIT_CEILING });
  return accept({
    type: 'balance-adjusted',
    data: {
      adjustment_id: command.adjustmentId,
      account_id: command.accountId,
      user_id: command.userId,
      quota: command.quota,
      hold_id: command.holdId,
      reason: command.reason,
      by: command.by,
    },
  });
}

export const adjustmentDecider: Decider<AdjustmentState, AdjustBalance | AcceptDoubt, AdjustmentEvent> = {
  initialState: () => undefined,
  evolve: evolveAdjustment,
  decide,
  events: adjustmentEvents,
};
