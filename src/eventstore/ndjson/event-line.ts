import { z } from 'zod';
import type { JsonObject, RecordedEvent } from '../event-store.js';

/** A line that is no event as this file writes them: it was changed, or cut off. */
export class UnreadableLine extends Error {
  override readonly name = 'UnreadableLine';
}

const place = z
  .string()
  .regex(/^\d{1,19}$/)
  .transform(BigInt);
/** The object itself and no copy: a copy of zod's leaves a member named `__proto__` out, and the line would be another event. */
const jsonObject = z.custom<JsonObject>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
);

const lineSchema = z
  .strictObject({
    position: place,
    stream: z.string().min(1),
    revision: place,
    id: z.guid(),
    type: z.string().min(1),
    recorded_at: z.iso.datetime().transform((text) => new Date(text)),
    data: jsonObject,
    metadata: jsonObject,
  })
  .transform(({ recorded_at: recordedAt, ...event }): RecordedEvent => ({ ...event, recordedAt }));

/**
 * An event of a log as one line of JSON, newline included: `position`, `stream`, `revision` (decimal text), `id`, `type`, `recorded_at`
 * (ISO 8601 in UTC, to the millisecond), `data`, `metadata`. The stored name stands in it, so that a line is read as the log is.
 */
export function encodeEventLine(event: RecordedEvent): string {
  const { position, stream, revision, id, type, recordedAt, metadata } = event;
  return `{"position":"${position}","stream":${JSON.stringify(stream)},"revision":"${revision}","id":"${id}","type":${JSON.stringify(type)},"recorded_at":"${recordedAt.toISOString()}","data":${dataOf(event)},"metadata":${JSON.stringify(metadata)}}\n`;
}

/** The text that the log has, where an adapter hands it out: parsing it and writing it again gives the same at ten times the cost. */
function dataOf(event: RecordedEvent): string {
  const { dataText } = event;
  // A tool may have stored white space; a line has no second one in it.
  return dataText === undefined || dataText.includes('\n') ? JSON.stringify(event.data) : dataText;
}

/** @throws UnreadableLine */
export function decodeEventLine(line: string): RecordedEvent {
  try {
    return lineSchema.parse(JSON.parse(line));
  } catch (cause) {
    throw new UnreadableLine(`no event of a log: ${line.slice(0, 100)}`, { cause });
  }
}
