import { type AnswerShape, readJsonAnswer } from '../json/answer.js';
import { type JsonObject, objectAt } from '../json/read.js';
import type { FailedAnswer, ReadAnswer } from '../read-answer.js';
import { statusOfType } from './errors.js';

/** Reads a whole JSON answer of upstream. Never throws. */
export const readWhole = (status: number, body: Buffer, shape: AnswerShape): ReadAnswer =>
  readJsonAnswer(status, body, shape, errorStatusOf);

/** An `error` event of a stream, as the whole answer it would be; undefined for any other event. */
export function errorOfEvent(event: JsonObject): FailedAnswer | undefined {
  const status = errorStatusOf(event);
  if (status === undefined) return undefined;
  return { kind: 'error', status, body: Buffer.from(JSON.stringify(event)) };
}

/** What the error's type stands for. An error has a message. */
function errorStatusOf(answer: unknown): number | undefined {
  const { message, type } = objectAt(objectAt(answer)?.['error']) ?? {};
  return typeof message === 'string' ? statusOfType(type) : undefined;
}
