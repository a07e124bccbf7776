import type { IncomingHttpHeaders } from 'node:http';

/** What the head of a stream says. */
export const EVENT_STREAM = 'text/event-stream; charset=utf-8';

export function isEventStream(headers: IncomingHttpHeaders): boolean {
  return headers['content-type']?.toLowerCase().startsWith('text/event-stream') === true;
}
