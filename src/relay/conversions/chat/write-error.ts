import type { ForeignError } from '../foreign-error.js';

const types: ReadonlyMap<number, readonly [type: string, code: string | null]> = new Map([
  [404, ['invalid_request_error', 'model_not_found']],
  [429, ['rate_limit_error', 'rate_limit_exceeded']],
]);

/** The error of another dialect as OpenAI's clients read it. */
export function writeError(
  status: number,
  { message, code: given }: ForeignError,
): { status: number; body: object } {
  const shown = status === 529 ? 503 : status;
  const ordinary = shown < 500 ? 'invalid_request_error' : 'server_error';
  const [type, code] = types.get(shown) ?? [ordinary, null];
  return { status: shown, body: { error: { message, type, param: null, code: given ?? code } } };
}
