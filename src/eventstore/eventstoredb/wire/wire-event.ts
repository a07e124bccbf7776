import type { JsonObject, RecordedEvent } from '../../event-store.js';
import type { MessageReader } from './message-reader.js';

/** Where a server that gives no position puts minus one, read as unsigned. */
const LARGEST_POSITION = 2n ** 63n - 1n;

const TICKS_PER_MILLISECOND = 10_000;

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
    return this.text(this.places.id);
  }
  get stream(): string {
    // Asked for by whoever looks whose it is, and again by the reader.
    return (this.streamText ??= this.text(this.places.stream));
  }
  get type(): string {
    return (this.typeText ??= this.text(this.places.type));
  }
  get recordedAt(): Date {
    const milliseconds = Number(this.text(this.places.created)) / TICKS_PER_MILLISECOND;
    return new Date(Number.isNaN(milliseconds) ? 0 : milliseconds);
  }
  get data(): JsonObject {
    return jsonObject(this.bytes(this.places.data), this.isJson);
  }
  get dataText(): string {
    const { data } = this.places;
    // What is no object is wrapped, and its text is that of the wrapping.
    return this.isJson && this.message[data[0]] === OPENING_BRACE
      ? this.text(data)
      : JSON.stringify(this.data);
  }
  get metadata(): JsonObject {
    const bytes = this.bytes(this.places.metadata);
    return bytes.length === 0 ? {} : jsonObject(bytes, true);
  }
  get metadataText(): string {
    const { metadata } = this.places;
    return this.message[metadata[0]] === OPENING_BRACE ? this.text(metadata) : JSON.stringify(this.metadata);
  }

  private get isJson(): boolean {
    return this.text(this.places.contentType) === 'application/json';
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

  private bytes([from, to]: Place): Buffer {
    return this.message.subarray(from, to);
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

/** Ours are objects always. Somebody else's may be bytes or a bare value: wrapped, so that nothing is lost or hidden. */
function jsonObject(bytes: Buffer, isJson: boolean): JsonObject {
  const value = isJson ? parsed(bytes) : undefined;
  if (value === undefined) return { base64: bytes.toString('base64') };
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject;
  return { value };
}

function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
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
