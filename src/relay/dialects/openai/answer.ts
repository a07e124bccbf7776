import type { Channel } from '../../channels/channel.js';
import { objectAt } from './usage.js';

/** What an upstream's whole answer turns out to be. */
export type ReadAnswer =
  | { readonly kind: 'completion'; readonly payload: Readonly<Record<string, unknown>> }
  /** Upstream's own error object, to be passed through with its status. */
  | { readonly kind: 'error'; readonly status: number; readonly body: Buffer }
  /** HTML, empty, truncated, no choices, an error without an error object: not what it should be. */
  | { readonly kind: 'bad' };

/** Reads a whole answer of upstream: the one parse of a JSON answer. Never throws. */
export function readAnswer(status: number, body: Buffer, channel: Channel): ReadAnswer {
  const payload = parse(body);
  if (!payload) return { kind: 'bad' };
  if (isErrorObject(payload['error'])) {
    // An upstream that quotes the channel's key back must not hand it to a client.
    if (body.includes(channel.apiKey)) return { kind: 'bad' };
    return { kind: 'error', status: status >= 400 ? status : statusIn(payload), body };
  }
  const isCompletion = status >= 200 && status < 300 && Array.isArray(payload['choices']);
  return isCompletion ? { kind: 'completion', payload } : { kind: 'bad' };
}

/** The error in a stream that has not begun for the client, as a whole answer. */
export function errorOfStream(payload: Readonly<Record<string, unknown>>, channel: Channel): ReadAnswer {
  return readAnswer(200, Buffer.from(JSON.stringify({ error: payload['error'] })), channel);
}

/** Worth asking another channel: it may be this one's key, quota, model list or health. */
export function isRetryable(status: number): boolean {
  return status >= 500 || [401, 402, 403, 404, 408, 429].includes(status);
}

function parse(body: Buffer): Readonly<Record<string, unknown>> | undefined {
  try {
    return objectAt(JSON.parse(body.toString('utf8')));
  } catch {
    return undefined;
  }
}

function isErrorObject(error: unknown): boolean {
  const object = objectAt(error);
  return object !== undefined && typeof object['message'] === 'string';
}

/** Some upstreams answer 200 and put the status into the error object. */
function statusIn(payload: Readonly<Record<string, unknown>>): number {
  const code = objectAt(payload['error'])?.['code'];
  return typeof code === 'number' && Number.isInteger(code) && code >= 400 && code <= 599 ? code : 502;
}
