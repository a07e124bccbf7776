import type { Group } from './projection.js';

/** From the start of one batch to that of the next, in milliseconds, where somebody waits for what he wrote. Nobody does for statistics. */
const LEAST_MS: Readonly<Record<Group, number>> = { ledger: 25, statistics: 250 };
/** The same, where nobody waits. */
const CALM_MS: Readonly<Record<Group, number>> = { ledger: 200, statistics: 250 };
/** Small batches take this part of the time at most, unless they are very slow. */
const SHARE = 1 / 3;
const MOST_MS = 250;

/** How long events come together. */
export interface Gathering {
  /** In any case. */
  readonly leastMs: number;
  /** After that, unless somebody waits for one of them. */
  readonly calmMs: number;
}

/**
 * How long to let events come together when the log has been caught up with, after a batch that took so long: a batch costs some
 * milliseconds of this process and the database however few events it has, so that one for each of a stream of calls would take a whole
 * core. What a call spent is held against the balance until then, so only readers can tell. The first event after a pause does not wait.
 *
 * @param betweenMs from batch to batch where nobody waits; by default the group's own
 */
export function gather(group: Group, tookMs: number, betweenMs = CALM_MS[group]): Gathering {
  const leastFromStartMs = Math.min(MOST_MS, Math.max(LEAST_MS[group], tookMs / SHARE));
  const leastMs = Math.max(0, leastFromStartMs - tookMs);
  return { leastMs, calmMs: Math.max(0, betweenMs - tookMs - leastMs) };
}
