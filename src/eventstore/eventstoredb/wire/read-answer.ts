import { MessageReader } from './message-reader.js';
import { WireEvent } from './wire-event.js';

/** Fields of ReadResp. */
const EVENT = 1;
const CONFIRMATION = 2;
const CHECKPOINT = 3;
const STREAM_NOT_FOUND = 4;
const CAUGHT_UP = 8;

/** So far the log was searched, and nothing found since the event before. */
export interface Searched {
  readonly searchedTo: bigint;
}

/**
 * What a message of a read says: an event, that a subscription stands, how far it has searched, that it knows all there is (not said before
 * 23.10), that there is no such stream, or something that a reader has no use for.
 */
export function readAnswer(
  message: Buffer,
): WireEvent | Searched | 'confirmed' | 'caught-up' | 'stream-not-found' | undefined {
  const reader = new MessageReader(message);
  if (!reader.next()) return undefined;
  if (reader.field === EVENT) {
    const parts = reader.inner();
    while (parts.next()) if (parts.field === 1) return new WireEvent(message, parts.inner());
    return undefined;
  }
  if (reader.field === STREAM_NOT_FOUND) return 'stream-not-found';
  if (reader.field === CHECKPOINT) return { searchedTo: commitPosition(reader.inner()) };
  if (reader.field === CAUGHT_UP) return 'caught-up';
  return reader.field === CONFIRMATION ? 'confirmed' : undefined;
}

function commitPosition(reader: MessageReader): bigint {
  while (reader.next()) if (reader.field === 1) return reader.bigint;
  return 0n;
}
