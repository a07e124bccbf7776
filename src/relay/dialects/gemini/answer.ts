import type { Usage } from '../../../domain/pricing/usage.js';
import type { FailedAnswer, ReadAnswer } from '../read-answer.js';
import { type JsonObject, objectAt } from '../json/read.js';
import { errorOf, isBlocked, outputTextOf, statusOfError } from './generate/payload.js';
import { usageOf } from './generate/usage.js';

/** What an endpoint's answers look like. */
interface AnswerShape {
  readonly isCompletion: (payload: JsonObject) => boolean;
  readonly usageOf: (payload: JsonObject) => Usage | undefined;
  readonly textOf: (payload: JsonObject) => string;
}

/** An answer of `:generateContent`. A refused prompt has no candidates and is an answer all the same. Never throws. */
export function readGenerated(status: number, body: Buffer): ReadAnswer {
  return readJson(status, body, {
    isCompletion: (payload) => Array.isArray(payload['candidates']) || isBlocked(payload),
    usageOf,
    textOf: outputTextOf,
  });
}

/** An answer of `:embedContent` or `:batchEmbedContents`. Never throws. */
export function readEmbedded(status: number, body: Buffer): ReadAnswer {
  return readJson(status, body, {
    isCompletion: (payload) =>
      objectAt(payload['embedding']) !== undefined || Array.isArray(payload['embeddings']),
    usageOf,
    textOf: () => '',
  });
}

function readJson(status: number, body: Buffer, shape: AnswerShape): ReadAnswer {
  let answer: unknown;
  try {
    answer = JSON.parse(body.toString('utf8'));
  } catch {
    return { kind: 'bad' };
  }
  const error = errorOf(answer);
  if (error) return failedAnswer(error, status, body);
  const payload = objectAt(answer);
  if (!payload || status < 200 || status >= 300 || !shape.isCompletion(payload)) return { kind: 'bad' };
  return { kind: 'completion', usage: shape.usageOf(payload), outputText: () => shape.textOf(payload) };
}

function failedAnswer(error: JsonObject, status: number, body: Buffer): FailedAnswer {
  return { kind: 'error', status: status >= 400 ? status : statusOfError(error), body };
}
