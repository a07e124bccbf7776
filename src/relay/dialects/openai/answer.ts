import type { Usage } from '../../../domain/pricing/usage.js';
import type { FailedAnswer, ReadAnswer } from '../read-answer.js';
import { type JsonObject, objectAt, parseAnswer } from '../json/read.js';

/** What an endpoint's answers look like. */
export interface AnswerShape {
  readonly isCompletion: (payload: JsonObject) => boolean;
  readonly usageOf: (payload: JsonObject) => Usage | undefined;
  /** Searches that upstream bills, where it says nothing of tokens. */
  readonly searchesOf?: (payload: JsonObject) => number | undefined;
  /** What the model wrote, for counting. */
  readonly textOf: (payload: JsonObject) => string;
}

/** Reads a whole JSON answer of upstream: its one parse. Never throws. */
export function readJsonAnswer(status: number, body: Buffer, shape: AnswerShape): ReadAnswer {
  const payload = parseAnswer(body);
  if (!payload) return { kind: 'bad' };
  const error = errorIn(payload, status, body);
  if (error) return error;
  if (status < 200 || status >= 300 || !shape.isCompletion(payload)) return { kind: 'bad' };
  return {
    kind: 'completion',
    usage: shape.usageOf(payload),
    searches: shape.searchesOf?.(payload),
    outputText: () => shape.textOf(payload),
  };
}

/** The error in a stream, as the whole answer it would be. */
export function errorOfStream(error: unknown): FailedAnswer {
  const payload = { error };
  return errorIn(payload, 200, Buffer.from(JSON.stringify(payload))) ?? { kind: 'bad' };
}

function errorIn(payload: JsonObject, status: number, body: Buffer): FailedAnswer | undefined {
  if (!isErrorObject(payload['error'])) return undefined;
  return { kind: 'error', status: status >= 400 ? status : statusIn(payload), body };
}

function isErrorObject(error: unknown): boolean {
  return typeof objectAt(error)?.['message'] === 'string';
}

/** Some upstreams answer 200 and put the status into the error object. */
function statusIn(payload: JsonObject): number {
  const code = objectAt(payload['error'])?.['code'];
  return typeof code === 'number' && Number.isInteger(code) && code >= 400 && code <= 599 ? code : 502;
}
