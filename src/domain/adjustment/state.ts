import type { EventIn } from '../stored/event-in.js';
import type { adjustmentEvents } from './events.js';

export type AdjustmentEvent = EventIn<typeof adjustmentEvents>;

export interface Adjustment {
  readonly accountId: string;
  readonly quota: bigint;
  readonly reason: string;
}

/** Undefined before the correction was made; a stream holds one. */
export type AdjustmentState = Adjustment | undefined;

export function evolveAdjustment(_state: AdjustmentState, { data }: AdjustmentEvent): AdjustmentState {
  return { accountId: data.account_id, quota: data.quota, reason: data.reason };
}
