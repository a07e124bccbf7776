import type { EventIn } from '../stored/event-in.js';
import type { liabilityEvents } from './events.js';

export type LiabilityEvent = EventIn<typeof liabilityEvents>;
export type CommittedLiability = LiabilityEvent['data'];

export interface LiabilityState {
  readonly committed: ReadonlySet<string>;
  /** The last day that was committed; undefined before the first. */
  readonly lastDay: string | undefined;
}

export const isDay = (asOf: string): boolean => asOf.length === 'yyyy-mm-dd'.length;

export function evolveLiability(
  { committed, lastDay }: LiabilityState,
  { data: { as_of: asOf } }: LiabilityEvent,
): LiabilityState {
  const isLater = isDay(asOf) && (lastDay === undefined || asOf > lastDay);
  return { committed: new Set([...committed, asOf]), lastDay: isLater ? asOf : lastDay };
}
