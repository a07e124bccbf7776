import type { FailureCode, FieldError } from './shapes.js';

/** What a failure says of itself beside its text. */
export interface FailureFacts {
  readonly status: number;
  /** Codes of later versions are no faults of this one: a string that is none of those listed. */
  readonly code: FailureCode | (string & {});
  /** With which the request is found again in the service's log. */
  readonly requestId: string | undefined;
  /** What is wrong with which field; empty unless the code is `invalid_request`. */
  readonly errors: readonly FieldError[];
  /** Facts of a conflict: which field differs, what remains. */
  readonly details: Readonly<Record<string, unknown>>;
}

/** The service refused: nothing was changed, and the same request will be refused again unless the code says otherwise. */
export class ApiError extends Error implements FailureFacts {
  override readonly name = 'ApiError';
  readonly status: number;
  readonly code: FailureFacts['code'];
  readonly requestId: string | undefined;
  readonly errors: readonly FieldError[];
  readonly details: Readonly<Record<string, unknown>>;

  constructor(message: string, facts: FailureFacts) {
    super(message);
    this.status = facts.status;
    this.code = facts.code;
    this.requestId = facts.requestId;
    this.errors = facts.errors;
    this.details = facts.details;
  }
}

/**
 * No answer of the service came, after all attempts: what was asked for may have happened. The same call with the same ids is safe, and
 * tells (`replayed`) whether it had.
 */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
}

/** Whether an error is the service's refusal, with one of these codes where any are named. */
export function isApiError<Code extends FailureCode>(
  error: unknown,
  ...codes: readonly Code[]
): error is ApiError & { readonly code: [Code] extends [never] ? FailureCode : Code } {
  if (!(error instanceof ApiError)) return false;
  return codes.length === 0 || codes.some((code) => code === error.code);
}
