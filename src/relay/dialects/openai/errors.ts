import {
  messageOf,
  errorHeaders,
  publicCode,
  statusOf,
  type RelayError,
  type RelayErrorCode,
} from '../../errors.js';
import type { ErrorAnswer } from '../dialect.js';

const KEY_PLACE = '"Authorization: Bearer sk-…"';

/** Code -> OpenAI's type of error. */
const types: Record<RelayErrorCode, string> = {
  invalid_api_key: 'invalid_request_error',
  key_expired: 'invalid_request_error',
  key_disabled: 'invalid_request_error',
  account_suspended: 'permission_error',
  model_not_allowed: 'permission_error',
  ip_not_allowed: 'permission_error',
  insufficient_quota: 'insufficient_quota',
  model_not_found: 'invalid_request_error',
  no_channel: 'server_error',
  dialect_not_supported: 'invalid_request_error',
  invalid_request: 'invalid_request_error',
  request_too_large: 'invalid_request_error',
  unsupported_encoding: 'invalid_request_error',
  bodies_full: 'server_error',
  request_timeout: 'invalid_request_error',
  rate_limit_exceeded: 'rate_limit_error',
  upstream_unavailable: 'upstream_error',
  upstream_timeout: 'upstream_error',
  ledger_unavailable: 'server_error',
  shutting_down: 'server_error',
  overloaded: 'server_error',
  reference_not_found: 'invalid_request_error',
  not_found: 'invalid_request_error',
  upgrade_refused: 'invalid_request_error',
  internal: 'server_error',
};

/** `{"error":{"message","type","param","code"}}` with the headers that belong to it. */
export function errorAnswer(error: RelayError): ErrorAnswer {
  return {
    status: statusOf(error),
    body: Buffer.from(JSON.stringify({ error: errorObject(error) })),
    headers: { 'content-type': 'application/json', ...errorHeaders(error) },
  };
}

/** The same error as a frame of a stream that has begun. */
export function errorFrame(error: RelayError): Buffer {
  return Buffer.from(`data: ${JSON.stringify({ error: errorObject(error) })}\n\n`);
}

/** The same in a stream of a response: both as the event that OpenAI defines and with the object by which its SDK knows an error. */
export function responseErrorFrame(error: RelayError): Buffer {
  const object = errorObject(error);
  const { code, message, param } = object;
  const event = { type: 'error', code, message, param, error: object };
  return Buffer.from(`event: error\ndata: ${JSON.stringify(event)}\n\n`);
}

interface OpenaiError extends Record<string, unknown> {
  readonly message: string;
  readonly code: string | null;
}

/** The object that OpenAI's clients read. */
export function errorObject(error: RelayError): OpenaiError {
  const object: OpenaiError = {
    message: messageOf(error, KEY_PLACE),
    type: types[error.code],
    param: error.code === 'invalid_request' ? error.param : null,
    code: publicCode(error),
  };
  if (error.code === 'insufficient_quota') {
    // Both stay below 2^53: amounts of holds and balances are bounded by the account ceiling.
    object['needed'] = Number(error.needed);
    object['available'] = Number(error.available);
    if (error.period !== undefined) Object.assign(object, { budget: error.budget, period: error.period });
  }
  return object;
}
