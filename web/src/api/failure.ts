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

/** What is said beside each field of a form that was not accepted. */
export const fieldErrors =
  (error: unknown) =>
  (field: string): string | undefined =>
    error instanceof ApiFailure
      ? error.facts.fields?.find((failure) => failure.field === field)?.message
      : undefined;

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
