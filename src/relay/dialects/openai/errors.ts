import type { RelayError, RelayErrorCode } from '../../errors.js';

export interface ErrorAnswer {
  readonly status: number;
  readonly body: Buffer;
  readonly headers: Readonly<Record<string, string>>;
}

/** Code -> status, code and type that the client sees. The one table of this dialect. */
const table: Record<RelayErrorCode, readonly [status: number, code: string, type: string]> = {
  invalid_api_key: [401, 'invalid_api_key', 'invalid_request_error'],
  key_expired: [401, 'key_expired', 'invalid_request_error'],
  key_disabled: [401, 'key_disabled', 'invalid_request_error'],
  account_suspended: [403, 'account_suspended', 'permission_error'],
  model_not_allowed: [403, 'model_not_allowed', 'permission_error'],
  ip_not_allowed: [403, 'ip_not_allowed', 'permission_error'],
  insufficient_quota: [402, 'insufficient_quota', 'insufficient_quota'],
  model_not_found: [404, 'model_not_found', 'invalid_request_error'],
  no_channel: [503, 'no_channel', 'server_error'],
  invalid_request: [400, 'invalid_request_error', 'invalid_request_error'],
  request_too_large: [413, 'request_too_large', 'invalid_request_error'],
  request_timeout: [408, 'request_timeout', 'invalid_request_error'],
  rate_limit_exceeded: [429, 'rate_limit_exceeded', 'rate_limit_error'],
  upstream_unavailable: [502, 'upstream_unavailable', 'upstream_error'],
  upstream_timeout: [504, 'upstream_unavailable', 'upstream_error'],
  ledger_unavailable: [503, 'ledger_unavailable', 'server_error'],
  shutting_down: [503, 'shutting_down', 'server_error'],
  overloaded: [503, 'overloaded', 'server_error'],
  not_found: [404, 'not_found', 'invalid_request_error'],
  internal: [500, 'internal_error', 'server_error'],
};

export function statusOf(error: RelayError): number {
  return table[error.code][0];
}

/** The code as clients see it, also that of the `call-failed` event. */
export function publicCode(error: RelayError): string {
  return table[error.code][1];
}

/** `{"error":{"message","type","param","code"}}` with the headers that belong to it. */
export function errorAnswer(error: RelayError): ErrorAnswer {
  return {
    status: statusOf(error),
    body: Buffer.from(JSON.stringify({ error: errorObject(error) })),
    headers: errorHeaders(error),
  };
}

/** The same error as a frame of a stream that has begun. */
export function errorFrame(error: RelayError): Buffer {
  return Buffer.from(`data: ${JSON.stringify({ error: errorObject(error) })}\n\n`);
}

function errorObject(error: RelayError): Record<string, unknown> {
  const [, code, type] = table[error.code];
  const param = error.code === 'invalid_request' ? error.param : null;
  const object: Record<string, unknown> = { message: messageOf(error), type, param, code };
  if (error.code === 'insufficient_quota') {
    // Both stay below 2^53: amounts of holds and balances are bounded by the account ceiling.
    object['needed'] = Number(error.needed);
    object['available'] = Number(error.available);
  }
  return object;
}

function errorHeaders(error: RelayError): Record<string, string> {
  if (error.code === 'insufficient_quota') return { 'x-should-retry': 'false' };
  // The rest of the body is not read.
  if (error.code === 'request_timeout') return { connection: 'close' };
  if (!('retryAfterMs' in error)) return {};
  if (error.code !== 'rate_limit_exceeded') return { 'retry-after': seconds(error.retryAfterMs) };
  return {
    'retry-after': seconds(error.retryAfterMs),
    'x-ratelimit-limit-requests': String(error.limit),
    'x-ratelimit-remaining-requests': '0',
    'x-ratelimit-reset-requests': `${seconds(error.retryAfterMs)}s`,
  };
}

function seconds(ms: number): string {
  return String(Math.max(1, Math.ceil(ms / 1000)));
}

function messageOf(error: RelayError): string {
  switch (error.code) {
    case 'invalid_api_key':
      return 'No access key, or one that is unknown or revoked. Send it as "Authorization: Bearer sk-…".';
    case 'key_expired':
      return 'This access key has expired.';
    case 'key_disabled':
      return 'This access key is disabled.';
    case 'account_suspended':
      return 'This account is suspended.';
    case 'ip_not_allowed':
      return 'This access key may not be used from this address.';
    case 'model_not_allowed':
      return `This access key may not use the model ${error.model}.`;
    case 'model_not_found':
      return `The model ${error.model} does not exist.`;
    case 'no_channel':
      return `No channel serves the model ${error.model} at the moment.`;
    case 'insufficient_quota': {
      const what = error.budget === 'account' ? "The account's balance" : "The access key's limit";
      return `${what} cannot carry this call: ${error.needed} quota needed, ${error.available} available.`;
    }
    case 'invalid_request':
      return error.message;
    case 'request_too_large':
      return `The request body is larger than ${error.limitBytes} bytes.`;
    case 'request_timeout':
      return 'The request body did not arrive in time.';
    case 'rate_limit_exceeded':
      return `Too many requests with this access key; at most ${error.limit} a minute.`;
    case 'upstream_unavailable':
      return 'The model cannot be reached at the moment.';
    case 'upstream_timeout':
      return 'The model did not answer in time.';
    case 'ledger_unavailable':
      return 'The ledger cannot be reached at the moment; nothing was charged. Please try again.';
    case 'overloaded':
      return 'This node carries all the calls it can. Please try again.';
    case 'shutting_down':
      return 'This node is shutting down. Please try again.';
    case 'not_found':
      return `Unknown request: ${error.method} ${error.path}.`;
    case 'internal':
      return 'The call failed on our side; nothing was charged for what was not delivered.';
  }
}
