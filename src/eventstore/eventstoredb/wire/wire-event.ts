import type { JsonObject, RecordedEvent } from '../../event-store.js';
import { MessageReader } from './message-reader.js';

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

/** The lengths of the three names that the protocol's metadata has, which no two share. */
const TYPE_LENGTH = 'type'.length;
const CREATED_LENGTH = 'created'.length;
const CONTENT_TYPE_LENGTH = 'content-type'.length;

const OPENING_BRACE = 0x7b;
const JSON_TYPE = Buffer.from('application/json');

/**
 * An event as it came, each part made when it is asked for: most readers of a long log want neither metadata nor id, and have a shorter
 * way to the data. It holds on to what the connection brought it in, and where each part lies there stands in it as a number: a page of
 * events is thousands of them, and what is kept with each is what the collection of garbage costs.
 */
export class WireEvent implements RecordedEvent {
  /** The commit position, which for events written in one go, as all of ours are, is the event's own place. */
  readonly position: bigint;
  readonly revision: bigint;
  private idFrom = 0;
  private idTo = 0;
  private streamFrom = 0;
  private streamTo = 0;
  private typeFrom = 0;
  private typeTo = 0;
  private createdFrom = 0;
  private createdTo = 0;
  private contentTypeFrom = 0;
  private contentTypeTo = 0;
  private metadataFrom = 0;
  private metadataTo = 0;
  private dataFrom = 0;
  private dataTo = 0;
  private streamText: string | undefined;
  private typeText: string | undefined;
  private dataObject: JsonObject | undefined;

  /** @throws Error when the server gives no positions with the events of a stream (before 22.6) */
  constructor(
    private readonly message: Buffer,
    fields: MessageReader,
  ) {
    let [position, revision] = [0n, 0n];
    while (fields.next()) {
      const { field } = fields;
      if (field === DATA) [this.dataFrom, this.dataTo] = [fields.start, fields.end];
      else if (field === METADATA) [this.metadataFrom, this.metadataTo] = [fields.start, fields.end];
      else if (field === ABOUT) this.about(fields.inner(PART));
      else if (field === COMMIT_POSITION) position = fields.bigint;
      else if (field === REVISION) revision = fields.bigint;
      else if (field === STREAM && isAtText(fields.inner(PART)))
        [this.streamFrom, this.streamTo] = [PART.start, PART.end];
      else if (field === ID && isAtText(fields.inner(PART)))
        [this.idFrom, this.idTo] = [PART.start, PART.end];
    }
    if (position > LARGEST_POSITION)
      throw new Error(
        'EventStoreDB 22.6 or later is needed: this server gives no positions with the events of a stream',
      );
    this.position = position;
    this.revision = revision;
  }

  get id(): string {
    return this.message.toString('latin1', this.idFrom, this.idTo);
  }
  get stream(): string {
    // Asked for by whoever looks whose it is, and again by the reader.
    return (this.streamText ??= this.text(this.streamFrom, this.streamTo));
  }
  get type(): string {
    return (this.typeText ??= this.text(this.typeFrom, this.typeTo));
  }
  get recordedAt(): Date {
    return new Date(millisecondsAt(this.message, this.createdFrom, this.createdTo));
  }
  get data(): JsonObject {
    // Digests and decoders of a page ask for it one after the other.
    return (this.dataObject ??= this.jsonObject(this.dataFrom, this.dataTo, this.isJson));
  }
  get dataText(): string {
    // What is no object is wrapped, and its text is that of the wrapping.
    return this.isJson && this.message[this.dataFrom] === OPENING_BRACE
      ? this.text(this.dataFrom, this.dataTo)
      : JSON.stringify(this.data);
  }
  get metadata(): JsonObject {
    const { metadataFrom, metadataTo } = this;
    return metadataFrom === metadataTo ? {} : this.jsonObject(metadataFrom, metadataTo, true);
  }
  get metadataText(): string {
    return this.message[this.metadataFrom] === OPENING_BRACE
      ? this.text(this.metadataFrom, this.metadataTo)
      : JSON.stringify(this.metadata);
  }

  /** Of an event that is written down as JSON, its parts. */
  toJSON(): RecordedEvent {
    return kept(this);
  }

  private get isJson(): boolean {
    const { contentTypeFrom: from, contentTypeTo: to } = this;
    return (
      to - from === JSON_TYPE.length && this.message.compare(JSON_TYPE, 0, JSON_TYPE.length, from, to) === 0
    );
  }

  private about(entry: MessageReader): void {
    let keyLength = 0;
    while (entry.next()) {
      const { field, start, end } = entry;
      if (field === 1) keyLength = end - start;
      else if (keyLength === TYPE_LENGTH) [this.typeFrom, this.typeTo] = [start, end];
      else if (keyLength === CREATED_LENGTH) [this.createdFrom, this.createdTo] = [start, end];
      else if (keyLength === CONTENT_TYPE_LENGTH) [this.contentTypeFrom, this.contentTypeTo] = [start, end];
    }
  }

  private text(from: number, to: number): string {
    return this.message.toString('utf8', from, to);
  }

  /** Ours are objects always. Somebody else's may be bytes or a bare value: wrapped, so that nothing is lost or hidden. */
  private jsonObject(from: number, to: number, isJson: boolean): JsonObject {
    const value = isJson ? parsed(this.text(from, to)) : undefined;
    if (value === undefined) return { base64: this.message.toString('base64', from, to) };
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject;
    return { value };
  }
}

/** Steps through the parts of an event, one after the other, none within another. */
const PART = new MessageReader(Buffer.alloc(0));

/** A stream's name, or an id as text: the one field of its message that is asked for. */
function isAtText(fields: MessageReader): boolean {
  while (fields.next()) if (fields.field === 3 || fields.field === 2) return true;
  return false;
}

/** Written as decimal ticks, of which a double would lose the last digits. Of anything else: 0. */
function millisecondsAt(message: Buffer, from: number, to: number): number {
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
