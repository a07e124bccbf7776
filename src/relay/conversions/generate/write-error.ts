import type { ForeignError } from '../foreign-error.js';

const statuses: ReadonlyMap<number, string> = new Map([
  [401, 'UNAUTHENTICATED'],
  [403, 'PERMISSION_DENIED'],
  [404, 'NOT_FOUND'],
  [429, 'RESOURCE_EXHAUSTED'],
  [503, 'UNAVAILABLE'],
  [504, 'DEADLINE_EXCEEDED'],
]);

/** The error of another dialect as Google's clients read it. */
export function writeError(status: number, { message }: ForeignError): { status: number; body: object } {
  const code = status === 529 ? 503 : status;
  const name = statuses.get(code) ?? (code < 500 ? 'INVALID_ARGUMENT' : 'INTERNAL');
  return { status: code, body: { error: { code, message, status: name } } };
}
