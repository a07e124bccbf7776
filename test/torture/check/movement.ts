import { quota, type RawEvent, text } from './raw-log.js';

/** A charge that comes this long after its call was over comes from a spool, and its hold may be gone. */
export const LATE_MS = 4_000;

/** Debt that is on record: what upstream counted beyond the hold, and charges whose hold had ended before them. */
export function recordedDebt(event: RawEvent): bigint {
  switch (event.type) {
    case 'consumption-recorded': {
      const overMs = Date.parse(text(event, 'started_at')) + Number(event.data.duration_ms ?? 0);
      const late = event.recordedAtMs - overMs > LATE_MS;
      return late ? quota(event, 'quota') : quota(event, 'overshoot_quota');
    }
    case 'call-abandoned':
      return quota(event, 'overshoot_quota');
    // What went back at a provider is gone, whatever of it was spent.
    case 'payment-taken-back':
      return quota(event, 'quota') > 0n ? quota(event, 'quota') : 0n;
    // Of a bonus: it follows money that is gone.
    case 'grant-withdrawn':
      return event.data.hold_id === null ? quota(event, 'quota') : 0n;
    case 'consumption-corrected': {
      const difference = quota(event, 'difference');
      return difference > 0n ? difference : 0n;
    }
    default:
      return 0n;
  }
}

/** The change of the account's balance by an event. */
export function movement(event: RawEvent): bigint {
  switch (event.type) {
    case 'payment-credited':
    case 'payment-refund-reversed':
    case 'balance-adjusted':
    case 'grant-given':
      return quota(event, 'quota');
    case 'payment-refunded':
    case 'payment-taken-back':
    case 'grant-expired':
    case 'grant-withdrawn':
    case 'consumption-recorded':
    case 'call-abandoned':
      return -quota(event, 'quota');
    case 'consumption-corrected':
      return -quota(event, 'difference');
    default:
      return 0n;
  }
}
