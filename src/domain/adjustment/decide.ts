import { accept, type Decider, type Decision, refuse, replay } from '../decider.js';
import type { Refusal } from '../refusal.js';
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
  /** The largest correction, in quota, that one operator makes alone; a larger one is requested. Undefined: any. */
  readonly alone: bigint | undefined;
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

/** Another operator than the one who asked says yes. */
export interface ApproveAdjustment extends Pick<AdjustBalance, 'adjustmentId' | 'holdId' | 'balance' | 'by'> {
  readonly kind: 'approve';
}

/** Any operator who may, the one who asked included, says no. */
export interface DeclineAdjustment extends Pick<AdjustBalance, 'adjustmentId' | 'reason' | 'by'> {
  readonly kind: 'decline';
}

export type AdjustmentCommand = AdjustBalance | AcceptDoubt | ApproveAdjustment | DeclineAdjustment;

function decide(command: AdjustmentCommand, state: AdjustmentState): Decision<AdjustmentEvent> {
  if (command.kind === 'approve') return state ? approve(command, state) : NOT_FOUND;
  if (command.kind === 'decline') return state ? decline(command, state) : NOT_FOUND;
  if (state) return repeat(command, state);
  return command.kind === 'adjust' ? adjust(command) : acceptDoubt(command);
}

const NOT_FOUND: Decision<AdjustmentEvent> = refuse({ code: 'adjustment_not_found' });

function repeat(command: AdjustBalance | AcceptDoubt, done: Adjustment): Decision<AdjustmentEvent> {
  const quota = command.kind === 'adjust' ? command.quota : 0n;
  if (done.accountId !== command.accountId)
    return refuse({ code: 'adjustment_conflict', field: 'external_user_id' });
  if (done.quota !== quota) return refuse({ code: 'adjustment_conflict', field: 'quota' });
  if (done.reason !== command.reason) return refuse({ code: 'adjustment_conflict', field: 'reason' });
  return done.status === 'declined' ? refuse({ code: 'adjustment_declined' }) : replay();
}

function approve(command: ApproveAdjustment, asked: Adjustment): Decision<AdjustmentEvent> {
  if (asked.status === 'made') return replay();
  if (asked.status === 'declined') return refuse({ code: 'adjustment_declined' });
  if (asked.requestedBy === command.by) return refuse({ code: 'adjustment_own' });
  const { accountId, userId, quota, reason, requestedBy } = asked;
  return make({ ...command, accountId, userId, quota, reason }, requestedBy);
}

function decline(
  { adjustmentId, reason, by }: DeclineAdjustment,
  asked: Adjustment,
): Decision<AdjustmentEvent> {
  if (asked.status === 'made') return refuse({ code: 'adjustment_made' });
  if (asked.status === 'declined') return replay();
  return accept({
    type: 'adjustment-declined',
    data: { adjustment_id: adjustmentId, account_id: asked.accountId, reason, by },
  });
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
  const { quota, alone } = command;
  const size = quota < 0n ? -quota : quota;
  if (alone === undefined || size <= alone) return make(command);
  const fault = faultOf(command);
  if (fault) return refuse(fault);
  return accept({
    type: 'adjustment-requested',
    data: {
      adjustment_id: command.adjustmentId,
      account_id: command.accountId,
      user_id: command.userId,
      quota,
      reason: command.reason,
      by: command.by,
    },
  });
}

type Correction = Omit<AdjustBalance, 'kind' | 'alone'>;

function make(correction: Correction, requestedBy?: string): Decision<AdjustmentEvent> {
  const fault = faultOf(correction);
  if (fault) return refuse(fault);
  return accept({
    type: 'balance-adjusted',
    data: {
      adjustment_id: correction.adjustmentId,
      account_id: correction.accountId,
      user_id: correction.userId,
      quota: correction.quota,
      hold_id: correction.holdId,
      reason: correction.reason,
      by: correction.by,
      ...(requestedBy !== undefined && { requested_by: requestedBy }),
    },
  });
}

function faultOf({ quota, balance }: Pick<AdjustBalance, 'quota' | 'balance'>): Refusal | undefined {
  if (quota === 0n || quota < -CREDIT_CEILING) return { code: 'amount_invalid', field: 'quota' };
  if (quota > 0n && balance + quota > CREDIT_CEILING) return { code: 'balance_ceiling', max: CREDIT_CEILING };
  return undefined;
}

export const adjustmentDecider: Decider<AdjustmentState, AdjustmentCommand, AdjustmentEvent> = {
  initialState: () => undefined,
  evolve: evolveAdjustment,
  decide,
  events: adjustmentEvents,
};
