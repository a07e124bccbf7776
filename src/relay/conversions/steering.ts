import type { CanonicalRequest } from './canonical.js';
import type { Losses } from './losses.js';

/** Tells of what steers the choice of words, before upstreams that have nothing of the kind. */
export function tellSteering(
  { seed, frequencyPenalty, presencePenalty }: CanonicalRequest,
  losses: Losses,
): void {
  if (seed !== undefined) losses.tell('seed');
  if (frequencyPenalty !== undefined || presencePenalty !== undefined) losses.tell('penalties');
}
