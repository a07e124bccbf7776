import type { IncomingHttpHeaders } from 'node:http';
import type { Channel } from './channel.js';

const LONGEST_ID = 200;

/** The id under which upstream knows the call, as it may be recorded and shown; null where it gives none. */
export function upstreamRequestId(
  headers: IncomingHttpHeaders,
  { apiKey }: Pick<Channel, 'apiKey'>,
): string | null {
  const id = headers['x-request-id'] ?? headers['request-id'] ?? headers['x-amzn-requestid'];
  if (typeof id !== 'string' || id.includes(apiKey)) return null;
  return id.slice(0, LONGEST_ID).replace(/[^\x20-\x7e]/g, '?');
}

/** Seconds, or a date as HTTP writes it. */
const RETRY_AFTER = /^(\d{1,9}(\.\d{1,6})?|[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT)$/;

/** Upstream's `Retry-After` as a client may see it: a header may hold anything. */
export function clientRetryAfter({ 'retry-after': text }: IncomingHttpHeaders): string | undefined {
  return text !== undefined && RETRY_AFTER.test(text) ? text : undefined;
}
