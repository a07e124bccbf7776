import type { EventIn } from '../stored/event-in.js';
import type { liabilityEvents } from './events.js';

export type LiabilityEvent = EventIn<typeof liabilityEvents>;
export type CommittedLiability = LiabilityEvent['data'];

/** As of when it was said already. */
export type LiabilityState = ReadonlySet<string>;

export const isDay = (asOf: string): boolean => asOf.length === 'yyyy-mm-dd'.length;

export const evolveLiability = (state: LiabilityState, { data }: LiabilityEvent): LiabilityState =>
  new Set([...state, data.as_of]);
