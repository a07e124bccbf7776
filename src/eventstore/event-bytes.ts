import type { RecordedEvent } from './event-store.js';
import { ownMetadata } from './original-times.js';

/**
 * What stands of an event in a log, for whoever takes a hash of it: the texts are those that are stored, to the byte, and the metadata is
 * what the event was appended with, without what a copy of the log adds.
 */
export interface EventTexts {
  readonly stream: string;
  readonly revision: bigint;
  readonly id: string;
  readonly type: string;
  readonly dataText: string;
  readonly metadataText: string;
}

/** The texts of an event that was read. */
export function textsOfRecorded(event: RecordedEvent): EventTexts {
  const { stream, revision, id, type } = event;
  const dataText = event.dataText ?? JSON.stringify(event.data);
  return { stream, revision, id, type, dataText, metadataText: ownMetadata(event) };
}

/** Of the first line: another way of writing it down has another one. */
export const EVENT_FORM = 'counterfoil-event/v1';

/**
 * An event as one text, whose UTF-8 are the bytes that seals and proofs are over: no two events have the same. With the metadata as it is
 * given: for a proof the whole, for a seal what `unsealed` leaves of it.
 *
 * @param dataBytes of the data in UTF-8, where whoever calls has counted them already
 * @throws RangeError where a name holds a newline: its lines could be those of another event
 */
export function eventText(
  { stream, revision, id, type, dataText, metadataText }: EventTexts,
  dataBytes = Buffer.byteLength(dataText),
): string {
  if (stream.includes('\n') || type.includes('\n'))
    throw new RangeError('the names of an event hold no newline');
  return `${EVENT_FORM}\n${stream}\n${revision}\n${id.toLowerCase()}\n${type}\n${dataBytes}\n${dataText}${metadataText}`;
}

/** Metadata as text, and the seal that was its last member. */
export interface Unsealed {
  readonly metadataText: string;
  readonly seal: string;
}

const MEMBER = '"seal":"';

/** What a seal consists of: nothing of it is ever escaped in JSON. */
const SEAL = /^[\w.-]{1,200}$/;

/** The text of a metadata object with a seal as its last member: of letters, digits, `.`, `_` and `-` alone, which nothing has to escape. */
export function sealedMetadata(metadataText: string, seal: string): string {
  const open = metadataText.slice(0, -1);
  return `${open}${open.length === 1 ? '' : ','}${MEMBER}${seal}"}`;
}

/** The metadata as it was before `sealedMetadata`; undefined where it does not end as that writes it, which is not sealed. */
export function unsealed(metadataText: string): Unsealed | undefined {
  if (!metadataText.endsWith('"}')) return undefined;
  const from = metadataText.lastIndexOf(MEMBER);
  // Within a string the quotes would be escaped, and an inner object would end with more braces.
  const before = metadataText[from - 1];
  if (before !== ',' && !(before === '{' && from === 1)) return undefined;
  const seal = metadataText.slice(from + MEMBER.length, -2);
  if (!SEAL.test(seal)) return undefined;
  return { metadataText: `${metadataText.slice(0, from === 1 ? from : from - 1)}}`, seal };
}
