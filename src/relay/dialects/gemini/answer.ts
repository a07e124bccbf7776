import { type AnswerShape, readJsonAnswer } from '../json/answer.js';
import { type JsonObject, objectAt } from '../json/read.js';
import type { ReadAnswer } from '../read-answer.js';

/** Reads a whole JSON answer of upstream. Never throws. */
export const readWhole = (status: number, body: Buffer, shape: AnswerShape): ReadAnswer =>
  readJsonAnswer(status, body, shape, errorStatusOf);

/** Upstream's error object; also out of a list, which is how streams of JSON arrays report one. An error has a message. */
export function errorOf(answer: unknown): JsonObject | undefined {
  const holder = Array.isArray(answer) ? (answer as readonly unknown[])[0] : answer;
  const error = objectAt(objectAt(holder)?.['error']);
  return typeof error?.['message'] === 'string' ? error : undefined;
}

/** The status that an error object names, 502 where it names none. */
export function statusOfError(error: JsonObject): number {
  const code = error['code'];
  return typeof code === 'number' && Number.isInteger(code) && code >= 400 && code <= 599 ? code : 502;
}

function errorStatusOf(answer: unknown): number | undefined {
  const error = errorOf(answer);
  return error && statusOfError(error);
}
