import type { FailedAnswer, ReadAnswer } from '../../read-answer.js';
import { type JsonObject, objectAt, parseAnswer } from '../../json/read.js';
import { statusOfType } from '../errors.js';
import { outputTextOf } from './texts.js';
import { usageOf } from './usage.js';

/**
 * Reads a whole answer of upstream: its one parse. Whatever has a list of content is a completion, also an empty one: the model may pause,
 * refuse, or only call tools. Never throws.
 */
export function readMessage(status: number, body: Buffer): ReadAnswer {
  const payload = parseAnswer(body);
  if (!payload) return { kind: 'bad' };
  if (errorTypeIn(payload) !== undefined) {
    return { kind: 'error', status: status >= 400 ? status : statusOfError(payload), body };
  }
  const isCompletion = status >= 200 && status < 300 && Array.isArray(payload['content']);
  if (!isCompletion) return { kind: 'bad' };
  return { kind: 'completion', usage: usageOf(payload), outputText: () => outputTextOf(payload) };
}

/** An `error` event of a stream, as the whole answer it would be; undefined for any other event. */
export function errorOfEvent(event: JsonObject): FailedAnswer | undefined {
  if (errorTypeIn(event) === undefined) return undefined;
  return { kind: 'error', status: statusOfError(event), body: Buffer.from(JSON.stringify(event)) };
}

/** The type of the error object in a payload, '' where it has none; undefined where there is no error with a message. */
function errorTypeIn(payload: JsonObject): string | undefined {
  const error = objectAt(payload['error']);
  if (typeof error?.['message'] !== 'string') return undefined;
  return typeof error['type'] === 'string' ? error['type'] : '';
}

function statusOfError(payload: JsonObject): number {
  return statusOfType(errorTypeIn(payload));
}
