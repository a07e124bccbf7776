import type { RateState } from '../limits/call-limits.js';
import type { Allowance } from '../limits/window.js';

/** How the names of a dialect's headers begin and end, and how it writes when an allowance is whole again. */
interface RateForm {
  readonly before: (kind: keyof RateState) => string;
  readonly after: (kind: keyof RateState) => string;
  readonly reset: (resetMs: number) => string;
}

/** What is left of the limits, in headers of this form. */
export function rateHeadersOf(rate: RateState, { before, after, reset }: RateForm): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const kind of ['requests', 'tokens'] as const) {
    const allowance: Allowance | undefined = rate[kind];
    if (!allowance) continue;
    headers[`${before(kind)}limit${after(kind)}`] = String(allowance.limit);
    headers[`${before(kind)}remaining${after(kind)}`] = String(allowance.remaining);
    headers[`${before(kind)}reset${after(kind)}`] = reset(allowance.resetMs);
  }
  return headers;
}

const spans: RateForm = {
  before: () => 'x-ratelimit-',
  after: (kind) => `-${kind}`,
  reset: (resetMs) => `${Math.ceil(resetMs / 1_000)}s`,
};

/** OpenAI's `x-ratelimit-*`, with spans; also for clients that know of none. */
export const spanHeaders = (rate: RateState): Record<string, string> => rateHeadersOf(rate, spans);
