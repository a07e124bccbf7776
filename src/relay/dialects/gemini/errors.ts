import {
  messageOf,
  errorHeaders,
  publicCode,
  retrySeconds,
  statusOf,
  type RelayError,
  type RelayErrorCode,
} from '../../errors.js';
import type { ErrorAnswer } from '../dialect.js';

const KEY_PLACE = '"x-goog-api-key: sk-…"';
const TYPES = 'type.googleapis.com/google.rpc';

/** Code -> google.rpc status name. */
const statuses: Record<RelayErrorCode, string> = {
  invalid_api_key: 'UNAUTHENTICATED',
  key_expired: 'UNAUTHENTICATED',
  key_disabled: 'UNAUTHENTICATED',
  account_suspended: 'PERMISSION_DENIED',
  model_not_allowed: 'PERMISSION_DENIED',
  ip_not_allowed: 'PERMISSION_DENIED',
  insufficient_quota: 'FAILED_PRECONDITION',
  model_not_found: 'NOT_FOUND',
  no_channel: 'UNAVAILABLE',
  dialect_not_supported: 'FAILED_PRECONDITION',
  invalid_request: 'INVALID_ARGUMENT',
  request_too_large: 'INVALID_ARGUMENT',
  unsupported_encoding: 'INVALID_ARGUMENT',
  bodies_full: 'UNAVAILABLE',
  request_timeout: 'DEADLINE_EXCEEDED',
  rate_limit_exceeded: 'RESOURCE_EXHAUSTED',
  upstream_unavailable: 'UNAVAILABLE',
  upstream_timeout: 'DEADLINE_EXCEEDED',
  ledger_unavailable: 'UNAVAILABLE',
  shutting_down: 'UNAVAILABLE',
  overloaded: 'UNAVAILABLE',
  reference_not_found: 'NOT_FOUND',
  not_found: 'NOT_FOUND',
  upgrade_refused: 'FAILED_PRECONDITION',
  internal: 'INTERNAL',
};

/** `{"error":{"code","message","status","details"}}` with the headers that belong to it. */
export function errorAnswer(error: RelayError): ErrorAnswer {
  return {
    status: statusOf(error),
    headers: { 'content-type': 'application/json; charset=UTF-8', ...errorHeaders(error) },
    body: Buffer.from(errorText(error)),
  };
}

/** The body alone, as it also stands in a stream that has begun. */
export function errorText(error: RelayError): string {
  const code = statusOf(error);
  const status = statuses[error.code];
  return JSON.stringify({
    error: { code, message: messageOf(error, KEY_PLACE), status, details: detailsOf(error) },
  });
}

/** Our stable code, with what belongs to it, and when to come again. */
function detailsOf(error: RelayError): object[] {
  const info = {
    '@type': `${TYPES}.ErrorInfo`,
    reason: publicCode(error).toUpperCase(),
    domain: 'counterfoil',
    metadata: metadataOf(error),
  };
  if (!('retryAfterMs' in error)) return [info];
  return [info, { '@type': `${TYPES}.RetryInfo`, retryDelay: `${retrySeconds(error.retryAfterMs)}s` }];
}

/** Of strings only, as google.rpc has it. */
function metadataOf(error: RelayError): Record<string, string> {
  switch (error.code) {
    case 'insufficient_quota':
      return {
        needed: String(error.needed),
        available: String(error.available),
        budget: error.budget,
        ...(error.period !== undefined && { period: error.period }),
      };
    case 'dialect_not_supported':
      return { dialects: error.dialects.join(',') };
    case 'invalid_request':
      return error.param === null ? {} : { field: error.param };
    default:
      return {};
  }
}
