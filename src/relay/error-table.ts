import type { RelayError, RelayErrorCode } from './errors.js';

/** Code -> status, and code as clients see it. The one table of all dialects. */
const table: Record<RelayErrorCode, readonly [status: number, code: string]> = {
  invalid_api_key: [401, 'invalid_api_key'],
  key_expired: [401, 'key_expired'],
  key_disabled: [401, 'key_disabled'],
  account_suspended: [403, 'account_suspended'],
  model_not_allowed: [403, 'model_not_allowed'],
  ip_not_allowed: [403, 'ip_not_allowed'],
  insufficient_quota: [402, 'insufficient_quota'],
  model_not_found: [404, 'model_not_found'],
  no_channel: [503, 'no_channel'],
  dialect_not_supported: [400, 'dialect_not_supported'],
  invalid_request: [400, 'invalid_request_error'],
  request_too_large: [413, 'request_too_large'],
  request_timeout: [408, 'request_timeout'],
  rate_limit_exceeded: [429, 'rate_limit_exceeded'],
  upstream_unavailable: [502, 'upstream_unavailable'],
  upstream_timeout: [504, 'upstream_unavailable'],
  ledger_unavailable: [503, 'ledger_unavailable'],
  shutting_down: [503, 'shutting_down'],
  overloaded: [503, 'overloaded'],
  not_found: [404, 'not_found'],
  internal: [500, 'internal_error'],
};

export function statusOf(error: RelayError): number {
  return table[error.code][0];
}

/** The code as clients see it, also that of the `call-failed` event. */
export function publicCode(error: RelayError): string {
  return table[error.code][1];
}

/** The headers that belong to an error, in any dialect. */
export function errorHeaders(error: RelayError): Record<string, string> {
  if (error.code === 'insufficient_quota') return { 'x-should-retry': 'false' };
  // The rest of the body is not read.
  if (error.code === 'request_timeout') return { connection: 'close' };
  if (!('retryAfterMs' in error)) return {};
  return { 'retry-after': retrySeconds(error.retryAfterMs) };
}

/** Whole seconds, at least one. */
export function retrySeconds(ms: number): string {
  return String(Math.max(1, Math.ceil(ms / 1000)));
}
