import { eventText, textsOfRecorded } from '../eventstore/event-bytes.js';
import type { RecordedEvent } from '../eventstore/event-store.js';
import { keyFor } from '../support/keyring.js';
import { hashWithText, hmacUnder } from './hashing.js';

/** Of the first line: another way of writing it down has another one. */
const FORM = 'counterfoil-entry/v1';

/** What anybody may know of an event: that there is one, of which type, when, and what it cannot be changed from. */
export interface LeafEntry {
  /** Of stream and revision, which it does not tell: an event in the place of another one has the same. */
  readonly slot: string;
  readonly type: string;
  /** ISO 8601, in UTC. */
  readonly recordedAt: string;
  /** SHA-256 of the salt and the event's bytes, in base64. */
  readonly commitment: string;
}

export const entryBytes = ({ slot, type, recordedAt, commitment }: LeafEntry): Buffer =>
  Buffer.from(`${FORM}\n${slot}\n${type}\n${recordedAt}\n${commitment}\n`);

/** What binds an entry to an event: without the salt nobody can find the event by trying. */
export const commitmentOf = (salt: Uint8Array, text: string): string => hashWithText(salt, text, 'base64');

/** Makes entries of events, with salts that are derived and so need not be kept. */
export interface LeafMaker {
  entryOf(event: RecordedEvent): Buffer;
  leafOf(event: RecordedEvent): LeafEntry;
  /** Told to nobody but in a receipt for this event. */
  saltOf(eventId: string): Buffer;
}

/** @param key of this ledger, for ever: with another one the same log has another root */
export function createLeafMaker(key: Uint8Array): LeafMaker {
  const salt = hmacUnder(keyFor(key, 'transparency-salt'));
  const slot = hmacUnder(keyFor(key, 'transparency-slot'));
  const saltOf = (eventId: string): Buffer => Buffer.from(salt(eventId.toLowerCase(), 'binary'), 'binary');
  const leafOf = (event: RecordedEvent): LeafEntry => ({
    slot: slot(`${event.stream}\n${event.revision}`, 'base64'),
    type: event.type,
    recordedAt: event.recordedAt.toISOString(),
    commitment: commitmentOf(saltOf(event.id), eventText(textsOfRecorded(event))),
  });
  return { saltOf, leafOf, entryOf: (event) => entryBytes(leafOf(event)) };
}
