import type { JsonObject, RecordedEvent } from '../../event-store.js';
import type { MessageReader } from './message-reader.js';

/** Where a server that gives no position puts minus one, read as unsigned. */
const LARGEST_POSITION = 2n ** 63n - 1n;

/** A tick is 100 ns: of the digits of a time so many are less than a millisecond. */
const DIGITS_BELOW_A_MILLISECOND = 4;
const ZERO = 0x30;

/** Fields of RecordedEvent. */
const ID = 1;
const STREAM = 2;
const REVISION = 3;
const COMMIT_POSITION = 5;
const ABOUT = 6;
const METADATA = 7;
const DATA = 8;

/** A text that lies in the message: from, to. */
type Place = readonly [from: number, to: number];
const NOWHERE: Place = [0, 0];

/** The lengths of the three names that the protocol's metadata has, which no two share. */
const TYPE_LENGTH = 'type'.length;
const CREATED_LENGTH = 'created'.length;
const CONTENT_TYPE_LENGTH = 'content-type'.length;

const OPENING_BRACE = 0x7b;
const JSON_TYPE = Buffer.from('application/json');

/**
 * An event as it came, each part made when it is asked for: most readers of a long log want neither metadata nor id, and have a shorter
 * way to the data. It holds on to what the connection brought it in.
 */
export class WireEvent implements RecordedEvent {
  /** The commit position, which for events written in one go, as all of ours are, is the event's own place. */
  readonly position: bigint;
  readonly revision: bigint;
  private readonly places: Places;
  private streamText: string | undefined;
  private typeText: string | undefined;

  /** @throws Error when the server gives no positions with the events of a stream (before 22.6) */
  constructor(
    private readonly message: Buffer,
    fields: MessageReader,
  ) {
    let [position, revision] = [0n, 0n];
    const places: Places = {
      id: NOWHERE,
      stream: NOWHERE,
      type: NOWHERE,
      created: NOWHERE,
      contentType: NOWHERE,
      metadata: NOWHERE,
      data: NOWHERE,
    };
    while (fields.next()) {
      const { field, start, end } = fields;
      if (field === DATA) places.data = [start, end];
      else if (field === METADATA) places.metadata = [start, end];
      else if (field === ABOUT) this.about(fields.inner(), places);
      else if (field === COMMIT_POSITION) position = fields.bigint;
      else if (field === REVISION) revision = fields.bigint;
      else if (field === STREAM) places.stream = innerText(fields.inner());
      else if (field === ID) places.id = innerText(fields.inner());
    }
    if (position > LARGEST_POSITION)
      throw new Error(
        'EventStoreDB 22.6 or later is needed: this server gives no positions with the events of a stream',
      );
    this.position = position;
    this.revision = revision;
    this.places = places;
  }

  get id(): string {
    const [from, to] = this.places.id;
    return this.message.toString('latin1', from, to);
  }
  get stream(): string {
    // Asked for by whoever looks whose it is, and again by the reader.
    return (this.streamText ??= this.text(this.places.stream));
  }
  get type(): string {
    return (this.typeText ??= this.text(this.places.type));
  }
  get recordedAt(): Date {
    return new Date(millisecondsAt(this.message, this.places.created));
  }
  get data(): JsonObject {
    return this.jsonObject(this.places.data, this.isJson);
  }
  get dataText(): string {
    const { data } = this.places;
    // What is no object is wrapped, and its text is that of the wrapping.
    return this.isJson && this.message[data[0]] === OPENING_BRACE
      ? this.text(data)
      : JSON.stringify(this.data);
  }
  get metadata(): JsonObject {
    const { metadata } = this.places;
    return metadata[0] === metadata[1] ? {} : this.jsonObject(metadata, true);
  }
  get metadataText(): string {
    const { metadata } = this.places;
    return this.message[metadata[0]] === OPENING_BRACE ? this.text(metadata) : JSON.stringify(this.metadata);
  }

  private get isJson(): boolean {
    const [from, to] = this.places.contentType;
    return (
      to - from === JSON_TYPE.length && this.message.compare(JSON_TYPE, 0, JSON_TYPE.length, from, to) === 0
    );
  }

  private about(entry: MessageReader, places: Places): void {
    let keyLength = 0;
    while (entry.next()) {
      const { field, start, end } = entry;
      if (field === 1) keyLength = end - start;
      else if (keyLength === TYPE_LENGTH) places.type = [start, end];
      else if (keyLength === CREATED_LENGTH) places.created = [start, end];
      else if (keyLength === CONTENT_TYPE_LENGTH) places.contentType = [start, end];
    }
  }

  private text([from, to]: Place): string {
    return this.message.toString('utf8', from, to);
  }

  /** Ours are objects always. Somebody else's may be bytes or a bare value: wrapped, so that nothing is lost or hidden. */
  private jsonObject(place: Place, isJson: boolean): JsonObject {
    const value = isJson ? parsed(this.text(place)) : undefined;
    if (value === undefined) return { base64: this.message.toString('base64', place[0], place[1]) };
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject;
    return { value };
  }
}

interface Places {
  id: Place;
  stream: Place;
  type: Place;
  created: Place;
  contentType: Place;
  metadata: Place;
  data: Place;
}

/** A stream's name, or an id as text: the one field of its message that is asked for. */
function innerText(fields: MessageReader): Place {
  while (fields.next()) if (fields.field === 3 || fields.field === 2) return [fields.start, fields.end];
  return NOWHERE;
}

/** Written as decimal ticks, of which a double would lose the last digits. Of anything else: 0. */
function millisecondsAt(message: Buffer, [from, to]: Place): number {
  let milliseconds = 0;
  for (let at = from; at < to - DIGITS_BELOW_A_MILLISECOND; at++) {
    const digit = (message[at] ?? 0) - ZERO;
    if (digit < 0 || digit > 9) return 0;
    milliseconds = milliseconds * 10 + digit;
  }
  return milliseconds;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Statistics, stream metadata, tombstones, the server's own projections: no part of anybody's log. */
export function isSystemEvent(event: { readonly stream: string; readonly type: string }): boolean {
  return event.stream.startsWith('$') || event.type.startsWith('$');
}

/** One that outlives the answer it came in, all of it made. */
export const kept = (event: WireEvent): RecordedEvent => {
  const { id, type, data, metadata, stream, revision, position, recordedAt } = event;
  return { id, type, data, metadata, stream, revision, position, recordedAt };
};

/** With its texts: what is sealed and signed is what stands there, to the byte. */
export const keptWithTexts = (event: WireEvent): RecordedEvent => {
  const { dataText, metadataText } = event;
  return { ...kept(event), dataText, metadataText };
};
