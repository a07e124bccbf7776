import { MessageReader } from './message-reader.js';
import { WireEvent } from './wire-event.js';

/** Fields of ReadResp. */
const EVENT = 1;
const CONFIRMATION = 2;
const STREAM_NOT_FOUND = 4;

/**
 * What a message of a read says: an event, that a subscription stands, that there is no such stream, or something that a reader has no use
 * for.
 */
export function readAnswer(message: Buffer): WireEvent | 'confirmed' | 'stream-not-found' | undefined {
  const reader = new MessageReader(message);
  if (!reader.next()) return undefined;
  if (reader.field === EVENT) {
    const parts = reader.inner();
    while (parts.next()) if (parts.field === 1) return new WireEvent(message, parts.inner());
    return undefined;
  }
  if (reader.field === STREAM_NOT_FOUND) return 'stream-not-found';
  return reader.field === CONFIRMATION ? 'confirmed' : undefined;
}
