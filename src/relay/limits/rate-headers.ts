import type { DialectName } from '../dialects/dialect-name.js';
import type { RateState } from './call-limits.js';
import type { Allowance } from './window.js';

/**
 * What is left of the limits, as the dialect's clients look for it: Anthropic's `anthropic-ratelimit-*` with instants, for all others OpenAI's
 * `x-ratelimit-*` with spans.
 * @param nowMs milliseconds since 1970
 */
export function rateHeaders(dialect: DialectName, rate: RateState, nowMs: number): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const kind of ['requests', 'tokens'] as const) {
    const allowance = rate[kind];
    if (!allowance) continue;
    if (dialect === 'anthropic') {
      // Whole seconds, as upstream writes them, and never too early.
      const resetMs = Math.ceil((nowMs + allowance.resetMs) / 1_000) * 1_000;
      const reset = `${new Date(resetMs).toISOString().slice(0, 19)}Z`;
      setHeaders(headers, allowance, `anthropic-ratelimit-${kind}-`, '', reset);
    } else {
      const reset = `${Math.ceil(allowance.resetMs / 1_000)}s`;
      setHeaders(headers, allowance, 'x-ratelimit-', `-${kind}`, reset);
    }
  }
  return headers;
}

function setHeaders(
  headers: Record<string, string>,
  { limit, remaining }: Allowance,
  before: string,
  after: string,
  reset: string,
): void {
  headers[`${before}limit${after}`] = String(limit);
  headers[`${before}remaining${after}`] = String(remaining);
  headers[`${before}reset${after}`] = reset;
}
