import { ApiError, NoAnswer } from './errors.js';
import type { FieldError } from './shapes.js';

/** What is known of an answer beside its data. */
export interface Envelope<Data> {
  readonly success: true;
  /** Chinese, or English where the client was made with `language: 'en'`; reads have none. */
  readonly message: string | undefined;
  readonly data: Data;
  /** The request had been answered before, and nothing was done now. */
  readonly replayed: boolean;
  /** Where in the log is what was written: `min_position` of a read that must show it. */
  readonly position: number | undefined;
  readonly requestId: string | undefined;
}

/** The data itself, and beside it the envelope it came in: `token.access_key` and `token.data.access_key` are the same. */
export type Answer<Data> = Data & Envelope<Data>;

/** The members of the envelope are not enumerable, so that an answer looks, copies and serializes as its data. */
function asAnswer<Data extends object>(body: Record<string, unknown>, response: Response): Answer<Data> {
  const data = body.data as Data;
  const position = response.headers.get('x-counterfoil-position');
  const envelope: Envelope<Data> = {
    success: true,
    message: typeof body.message === 'string' ? body.message : undefined,
    data,
    replayed: response.headers.get('idempotency-replayed') === 'true',
    position: position === null ? undefined : Number(position),
    requestId: response.headers.get('x-request-id') ?? undefined,
  };
  const answer = Array.isArray(data) ? [...(data as unknown[])] : { ...data };
  for (const [name, value] of Object.entries(envelope))
    Object.defineProperty(answer, name, { value, enumerable: false });
  return answer as Answer<Data>;
}

/**
 * Of the text that came: the answer.
 * @throws ApiError where the service refused, NoAnswer where it was somebody else who answered
 */
export function readAnswer<Data extends object>(text: string, response: Response): Answer<Data> {
  const body = parsed(text);
  if (response.ok && body?.success === true && typeof body.data === 'object' && body.data !== null)
    return asAnswer(body, response);
  throw failureOf(body, response);
}

export function failureOf(body: Record<string, unknown> | undefined, response: Response): Error {
  const { status } = response;
  if (typeof body?.code !== 'string' || typeof body.message !== 'string')
    return new NoAnswer(`the answer (status ${status}) is none of this API: is the address right?`);
  return new ApiError(body.message, {
    status,
    code: body.code,
    requestId: response.headers.get('x-request-id') ?? undefined,
    errors: Array.isArray(body.errors) ? (body.errors as FieldError[]) : [],
    details: (body.details ?? {}) as Record<string, unknown>,
  });
}

export function parsed(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
