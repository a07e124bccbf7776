import { type AnswerShape, readJsonAnswer } from '../json/answer.js';
import { type JsonObject, objectAt, textIn } from '../json/read.js';
import type { FailedAnswer, ReadAnswer } from '../read-answer.js';

/** Reads a whole JSON answer of upstream. Never throws. */
export const readWhole = (status: number, body: Buffer, shape: AnswerShape): ReadAnswer =>
  readJsonAnswer(status, body, shape, errorStatusOf);

/** The class of service that a whole answer names. */
export const serviceTierOf = (payload: JsonObject): string | undefined => textIn(payload['service_tier']);

/** What a payload says went wrong, as an error object; some upstreams write it as plain text. Undefined: nothing did. */
export function errorIn(payload: JsonObject): JsonObject | undefined {
  const { error } = payload;
  return typeof error === 'string' && error !== '' ? { message: error } : objectAt(error);
}

/** The error in a stream, as the whole answer it would be. */
export function errorOfStream(error: unknown): FailedAnswer {
  const answer = { error };
  const status = errorStatusOf(answer);
  if (status === undefined) return { kind: 'bad' };
  return { kind: 'error', status, body: Buffer.from(JSON.stringify(answer)) };
}

/** Some upstreams answer 200 and put the status into the error object; 502 where it names none. An error has a message. */
function errorStatusOf(answer: unknown): number | undefined {
  const { message, code } = objectAt(objectAt(answer)?.['error']) ?? {};
  if (typeof message !== 'string') return undefined;
  return typeof code === 'number' && Number.isInteger(code) && code >= 400 && code <= 599 ? code : 502;
}
