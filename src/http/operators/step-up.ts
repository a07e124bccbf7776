import { isFresh, stepUpRequired } from '../sessions/fresh-proof.js';
import type { SignedIn } from './ports.js';

/**
 * Before what a thief of an open browser would do first. Throws 403 `step_up_required` where the password was not given at this browser within
 * ten minutes. A program with a token has nobody to ask.
 */
export function requireFreshProof({ browserSession, since }: SignedIn, now: Date): void {
  if (browserSession !== undefined && !isFresh(since, now)) throw stepUpRequired();
}
