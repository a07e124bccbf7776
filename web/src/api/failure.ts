export interface FieldFailure {
  readonly field: string;
  readonly message: string;
}

interface FailureFacts {
  /** 0 where no answer came. */
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly requestId?: string | undefined;
  readonly fields?: readonly FieldFailure[] | undefined;
  readonly details?: Readonly<Record<string, unknown>> | undefined;
  /** Of a 429 or 503: when to ask again. */
  readonly retryAfterSeconds?: number | undefined;
}

/** What the API answered instead of data, or that it did not answer. */
export class ApiFailure extends Error {
  override readonly name = 'ApiFailure';

  constructor(readonly facts: FailureFacts) {
    super(facts.message);
  }
}

/** Whether it is one of this status: 0 for no answer. */
export const hasStatus = (error: unknown, status: number): error is ApiFailure =>
  error instanceof ApiFailure && error.facts.status === status;

/** Refusals that are about one field, by the names that it has in forms. */
const FIELDS_OF_REFUSALS: Readonly<Record<string, readonly string[]>> = {
  username_taken: ['username'],
  email_taken: ['email'],
  password_unfit: ['password', 'new_password'],
  password_common: ['password', 'new_password'],
};

/** Whether what is wrong is the field or an element of it: `models`, `models[0]`, `models.0`. */
const isOf = (named: string, field: string): boolean =>
  named === field || (named.startsWith(field) && /^[.[]/.test(named.slice(field.length)));

/** What is said beside each field of a form that was not accepted, or of an element of it. */
export const fieldErrors =
  (error: unknown) =>
  (field: string): string | undefined => {
    if (!(error instanceof ApiFailure)) return undefined;
    const { fields, code, message } = error.facts;
    const named = fields?.find((failure) => isOf(failure.field, field));
    return named?.message ?? (FIELDS_OF_REFUSALS[code]?.includes(field) ? message : undefined);
  };

/** Whether all that is wrong is said beside one of these fields. */
export function isSaidBeside(error: ApiFailure, shown: readonly string[]): boolean {
  const { fields = [], code } = error.facts;
  if (fields.length > 0) return fields.every(({ field }) => shown.some((each) => isOf(field, each)));
  return FIELDS_OF_REFUSALS[code]?.some((field) => shown.includes(field)) ?? false;
}

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

/** Reads the failure shape of the API; a proxy before it may answer anything else. */
export function readFailure(response: Response, body: unknown): ApiFailure {
  const sent = isRecord(body) ? body : {};
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
  const errors = Array.isArray(sent.errors) ? sent.errors.filter(isRecord) : undefined;
  return new ApiFailure({
    status: response.status,
    code: text(sent.code) ?? `http_${response.status}`,
    message: text(sent.message) ?? response.statusText,
    requestId: text(sent.request_id) ?? response.headers.get('x-request-id') ?? undefined,
    fields: errors?.map(({ field, message }) => ({ field: text(field) ?? '', message: text(message) ?? '' })),
    details: isRecord(sent.details) ? sent.details : undefined,
    retryAfterSeconds: Number.isFinite(seconds) ? seconds : undefined,
  });
}
