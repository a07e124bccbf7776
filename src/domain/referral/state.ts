import type { DataIn, EventIn } from '../stored/event-in.js';
import type { referralEvents } from './events.js';

export type ReferralEvent = EventIn<typeof referralEvents>;
export type Bound = DataIn<typeof referralEvents, 'referral-bound'>;
export type Earned = DataIn<typeof referralEvents, 'referral-earned'>;

export interface Referral {
  readonly terms: Bound;
  /** By the order that brought it. */
  readonly earned: ReadonlyMap<string, Earned>;
}

/** Undefined of whoever was invited by nobody. */
export type ReferralState = Referral | undefined;

export function evolveReferral(state: ReferralState, event: ReferralEvent): ReferralState {
  if (event.type === 'referral-bound') return { terms: event.data, earned: new Map() };
  if (!state) throw new Error(`${event.type} comes before somebody was invited`);
  return { ...state, earned: new Map([...state.earned, [event.data.order_id, event.data]]) };
}
