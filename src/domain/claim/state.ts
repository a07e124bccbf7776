import type { EventIn } from '../stored/event-in.js';
import type { claimEvents } from './events.js';

export type ClaimEvent = EventIn<typeof claimEvents>;

export interface Claim {
  readonly owner: string;
  readonly requestHash: string | null;
}

/** Undefined while the value is free. */
export type ClaimState = Claim | undefined;

export function evolveClaim(_state: ClaimState, event: ClaimEvent): ClaimState {
  if (event.type === 'claim-released') return undefined;
  return { owner: event.data.owner, requestHash: event.data.request_hash };
}
