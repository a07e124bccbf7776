import type { Group } from './projection.js';

/** From the start of one batch to that of the next, in milliseconds. Nobody waits for statistics to read what he wrote. */
const LEAST_MS: Readonly<Record<Group, number>> = { ledger: 25, statistics: 250 };
/** Small batches take this part of the time at most, unless they are very slow. */
const SHARE = 1 / 3;
const MOST_MS = 250;

/**
 * How long to let events come together when the log has been caught up with, after a batch that took so long: a batch costs some
 * milliseconds of this process and the database however few events it has, so that one for each of a stream of calls would take a whole
 * core. The first event after a pause does not wait.
 */
export function gatherMs(group: Group, tookMs: number): number {
  const fromStartMs = Math.min(MOST_MS, Math.max(LEAST_MS[group], tookMs / SHARE));
  return Math.max(0, fromStartMs - tookMs);
}
