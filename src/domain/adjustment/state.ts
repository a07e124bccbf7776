import type { EventIn } from '../stored/event-in.js';
import type { adjustmentEvents } from './events.js';

export type AdjustmentEvent = EventIn<typeof adjustmentEvents>;

export interface Adjustment {
  readonly accountId: string;
  /** 0: a doubt was settled, and the charge stands. */
  readonly quota: bigint;
  readonly reason: string;
}

/** Undefined before the correction was made; a stream holds one. */
export type AdjustmentState = Adjustment | undefined;

export function evolveAdjustment(_state: AdjustmentState, { type, data }: AdjustmentEvent): AdjustmentState {
  const quota = type === 'doubt-accepted' ? 0n : data.quota;
  return { accountId: data.account_id, quota, reason: data.reason };
}
