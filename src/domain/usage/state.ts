import type { EventIn } from '../stored/event-in.js';
import { usageEvents } from './events.js';

export type UsageEvent = EventIn<typeof usageEvents>;

/** What the log says of one call. `quota` is what its account has been charged for it so far. */
export type CallCharge =
  | { readonly state: 'open' }
  /** Ended without a charge. */
  | { readonly state: 'failed' }
  /** Charged by a sweeper that took the call's process for dead; the true charge may still come. */
  | { readonly state: 'abandoned'; readonly quota: bigint }
  /** Charged for good. */
  | { readonly state: 'charged'; readonly quota: bigint };

export const initialCallCharge = (): CallCharge => ({ state: 'open' });

/** A usage stream holds the calls of a month: only events of the one call may be folded. */
export function evolveCallCharge(charge: CallCharge, event: UsageEvent): CallCharge {
  switch (event.type) {
    case 'consumption-recorded':
    case 'consumption-corrected':
      return { state: 'charged', quota: event.data.quota };
    case 'call-abandoned':
      return charge.state === 'charged' ? charge : { state: 'abandoned', quota: event.data.quota };
    case 'call-failed':
      return charge.state === 'open' ? { state: 'failed' } : charge;
  }
}

export function isUsageEvent(event: { readonly type: string }): event is UsageEvent {
  return Object.hasOwn(usageEvents, event.type);
}
