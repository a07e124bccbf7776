import type { ForeignError } from '../foreign-error.js';

const types: ReadonlyMap<number, string> = new Map([
  [400, 'invalid_request_error'],
  [401, 'authentication_error'],
  [402, 'billing_error'],
  [403, 'permission_error'],
  [404, 'not_found_error'],
  [413, 'request_too_large'],
  [422, 'invalid_request_error'],
  [429, 'rate_limit_error'],
  [504, 'timeout_error'],
  [529, 'overloaded_error'],
]);

const OVERLOADED = new Set([503, 529]);
const TOO_LONG = /maximum context length is (\d+)[^]*?(?:resulted in|requested)[^\d]{0,20}(\d+)/i;

/** The error of another dialect as Anthropic's clients read it: the same message, but where they go by its words. */
export function writeError(
  status: number,
  { message, code }: ForeignError,
  requestId: string,
): { status: number; body: object } {
  const shown = OVERLOADED.has(status) ? 529 : status;
  const type = types.get(shown) ?? (shown < 500 ? 'invalid_request_error' : 'api_error');
  const text = code === 'context_length_exceeded' ? tooLong(message) : message;
  return { status: shown, body: { type: 'error', error: { type, message: text }, request_id: requestId } };
}

const TOO_LONG_AT_GOOGLE = /input token count \(?(\d+)\)? exceeds the maximum[^\d]*(\d+)/i;

/** Claude Code shortens its conversation where it reads this. */
function tooLong(message: string): string {
  const [, most, asked] = TOO_LONG.exec(message) ?? [];
  const [, count, limit] = TOO_LONG_AT_GOOGLE.exec(message) ?? [];
  if (limit !== undefined) return `prompt is too long: ${count} tokens > ${limit} maximum`;
  return most === undefined
    ? `prompt is too long: ${message}`
    : `prompt is too long: ${asked} tokens > ${most} maximum`;
}
