import {
  messageOf,
  errorHeaders,
  publicCode,
  statusOf,
  type RelayError,
  type RelayErrorCode,
} from '../../errors.js';
import type { ErrorAnswer } from '../dialect.js';
import { setMembers, topLevelMembers } from '../json/members.js';

const KEY_PLACE = '"x-api-key: sk-…" or "Authorization: Bearer sk-…"';

/** Code -> Anthropic's type of error. */
const types: Record<RelayErrorCode, string> = {
  invalid_api_key: 'authentication_error',
  key_expired: 'authentication_error',
  key_disabled: 'authentication_error',
  account_suspended: 'permission_error',
  model_not_allowed: 'permission_error',
  ip_not_allowed: 'permission_error',
  insufficient_quota: 'billing_error',
  model_not_found: 'not_found_error',
  no_channel: 'api_error',
  dialect_not_supported: 'invalid_request_error',
  invalid_request: 'invalid_request_error',
  request_too_large: 'request_too_large',
  unsupported_encoding: 'invalid_request_error',
  bodies_full: 'overloaded_error',
  request_timeout: 'invalid_request_error',
  rate_limit_exceeded: 'rate_limit_error',
  upstream_unavailable: 'api_error',
  upstream_timeout: 'timeout_error',
  ledger_unavailable: 'api_error',
  shutting_down: 'overloaded_error',
  overloaded: 'overloaded_error',
  reference_not_found: 'not_found_error',
  not_found: 'not_found_error',
  upgrade_refused: 'invalid_request_error',
  internal: 'api_error',
};

/** Type -> status, for errors that upstream reports in a stream or with a 200. */
const statuses: ReadonlyMap<unknown, number> = new Map([
  ['invalid_request_error', 400],
  ['authentication_error', 401],
  ['billing_error', 402],
  ['permission_error', 403],
  ['not_found_error', 404],
  ['request_too_large', 413],
  ['rate_limit_error', 429],
  ['api_error', 500],
  ['timeout_error', 504],
  ['overloaded_error', 529],
]);

export function statusOfType(type: unknown): number {
  return statuses.get(type) ?? 502;
}

/** `{"type":"error","error":{"type","message","details"},"request_id"}` with the headers that belong to it. */
export function errorAnswer(error: RelayError, requestId: string): ErrorAnswer {
  return {
    status: statusOf(error),
    body: Buffer.from(errorText(error, requestId)),
    headers: {
      'content-type': 'application/json',
      ...errorHeaders(error),
    },
  };
}

/** The same error as an event of a stream that has begun. */
export function errorFrame(error: RelayError, requestId: string): Buffer {
  return Buffer.from(`event: error\ndata: ${errorText(error, requestId)}\n\n`);
}

/** Upstream's own error with the request's name here, by which its client and whoever helps it find it again. */
export function underOurName(error: Buffer, requestId: string): Buffer {
  const edit = { name: 'request_id', json: JSON.stringify(requestId) };
  return setMembers(error, topLevelMembers(error), [edit]);
}

function errorText(error: RelayError, requestId: string): string {
  const object = {
    type: types[error.code],
    message: messageOf(error, KEY_PLACE),
    details: detailsOf(error),
  };
  return JSON.stringify({ type: 'error', error: object, request_id: requestId });
}

/** Where Anthropic's clients look for a machine's code. */
function detailsOf(error: RelayError): Record<string, unknown> {
  const details: Record<string, unknown> = { error_code: publicCode(error) };
  if (error.code === 'insufficient_quota') {
    // Both stay below 2^53: amounts of holds and balances are bounded by the account ceiling.
    details['needed'] = Number(error.needed);
    details['available'] = Number(error.available);
    if (error.period !== undefined) Object.assign(details, { budget: error.budget, period: error.period });
  }
  return details;
}
