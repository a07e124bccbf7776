import type { SpokenCall } from '../dialects/call-request.js';
import type { Verdict } from '../upstreams/failure.js';
import type { ClientResponse } from './client-response.js';
import type { Outcome } from './outcome.js';

/** What one channel made of the call. No verdict: it answered. */
export interface Tried {
  readonly outcome: Outcome;
  readonly verdict?: Verdict;
}

/** An error as the client is to have it; what it means for the channel was judged by upstream's own words. */
export function inWords(
  spoken: SpokenCall,
  tried: Tried,
  { requestId }: Pick<ClientResponse, 'requestId'>,
): Tried {
  const { outcome } = tried;
  if (outcome.kind !== 'error' || !spoken.errorFor) return tried;
  return { ...tried, outcome: { ...outcome, ...spoken.errorFor(outcome.status, outcome.body, requestId) } };
}
