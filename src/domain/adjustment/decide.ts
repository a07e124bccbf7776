import { accept, type Decider, type Decision, refuse, replay } from '../decider.js';
import { CREDIT_CEILING } from '../money/quota.js';
import { adjustmentEvents } from './events.js';
import { type AdjustmentEvent, type AdjustmentState, evolveAdjustment } from './state.js';

export interface AdjustBalance {
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

function decide(command: AdjustBalance, state: AdjustmentState): Decision<AdjustmentEvent> {
  if (state) {
    if (state.accountId !== command.accountId)
      return refuse({ code: 'adjustment_conflict', field: 'external_user_id' });
    if (state.quota !== command.quota) return refuse({ code: 'adjustment_conflict', field: 'quota' });
    if (state.reason !== command.reason) return refuse({ code: 'adjustment_conflict', field: 'reason' });
    return replay();
  }
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

export const adjustmentDecider: Decider<AdjustmentState, AdjustBalance, AdjustmentEvent> = {
  initialState: () => undefined,
  evolve: evolveAdjustment,
  decide,
  events: adjustmentEvents,
};
