import type { EventIn } from '../stored/event-in.js';
import type { adjustmentEvents } from './events.js';

export type AdjustmentEvent = EventIn<typeof adjustmentEvents>;

export interface Adjustment {
  /** `made`: it has moved what it moves, or settled a doubt. */
  readonly status: 'made' | 'requested' | 'declined';
  readonly accountId: string;
  readonly userId: number;
  /** 0: a doubt was settled, and the charge stands. */
  readonly quota: bigint;
  readonly reason: string;
  /** Who asked for it, or made it alone. */
  readonly requestedBy: string;
}

/** Undefined before anything was said of the correction; a stream holds one. */
export type AdjustmentState = Adjustment | undefined;

export function evolveAdjustment(state: AdjustmentState, { type, data }: AdjustmentEvent): AdjustmentState {
  if (type === 'adjustment-declined') {
    if (!state) throw new Error(`${type} comes before it was requested`);
    return { ...state, status: 'declined' };
  }
  return {
    status: type === 'adjustment-requested' ? 'requested' : 'made',
    accountId: data.account_id,
    userId: data.user_id,
    quota: type === 'doubt-accepted' ? 0n : data.quota,
    reason: data.reason,
    requestedBy: (type === 'balance-adjusted' ? data.requested_by : undefined) ?? data.by,
  };
}
