import { crc32 } from 'node:zlib';

/** One message of an AWS event stream. */
export interface EventFrame {
  /** Those that are texts. */
  readonly headers: ReadonlyMap<string, string>;
  readonly payload: Buffer;
}

const PRELUDE = 12;
const CHECKSUM = 4;
const MOST_BYTES = 16 * 1024 * 1024;
/** By its type, how long a header's value is; a text and bytes say it themselves. */
const LENGTHS: Readonly<Record<number, number>> = { 0: 0, 1: 0, 2: 1, 3: 2, 4: 4, 5: 8, 8: 8, 9: 16 };
const [BYTES, TEXT] = [6, 7] as const;
const NOTHING = Buffer.alloc(0);

/**
 * Cuts an AWS event stream (`application/vnd.amazon.eventstream`) into its messages, however its bytes come:
 * total length, length of headers, checksum of both, headers, payload, checksum of all.
 */
export class EventFrames {
  private parts: Buffer[] = [];
  private bytes = 0;
  private wanted = PRELUDE;

  /** @throws Error where a checksum is wrong, or a message longer than any is */
  *push(chunk: Buffer): Generator<EventFrame> {
    this.parts.push(chunk);
    this.bytes += chunk.length;
    while (this.bytes >= this.wanted) {
      const come = this.parts.length === 1 ? (this.parts[0] as Buffer) : Buffer.concat(this.parts);
      const total = lengthOf(come);
      if (come.length < total) {
        this.keep(come, total);
        return;
      }
      this.keep(come.subarray(total), PRELUDE);
      yield frameOf(come.subarray(0, total));
    }
  }

  /** What has come is whole messages. */
  get isWhole(): boolean {
    return this.bytes === 0;
  }

  private keep(rest: Buffer, wanted: number): void {
    this.parts = rest.length > 0 ? [rest] : [];
    this.bytes = rest.length;
    this.wanted = wanted;
  }
}

function lengthOf(come: Buffer): number {
  const total = come.readUInt32BE(0);
  if (crc32(come.subarray(0, 8)) !== come.readUInt32BE(8))
    throw new Error('the checksum of a length is wrong');
  if (total < PRELUDE + CHECKSUM || total > MOST_BYTES) throw new Error('a message has an impossible length');
  return total;
}

function frameOf(bytes: Buffer): EventFrame {
  const end = bytes.length - CHECKSUM;
  if (crc32(bytes.subarray(0, end)) !== bytes.readUInt32BE(end))
    throw new Error('the checksum of a message is wrong');
  const headersEnd = PRELUDE + bytes.readUInt32BE(4);
  if (headersEnd > end) throw new Error('the headers of a message are longer than it is');
  return {
    headers: headersIn(bytes.subarray(PRELUDE, headersEnd)),
    payload: headersEnd === end ? NOTHING : bytes.subarray(headersEnd, end),
  };
}

/** A read beyond the end throws, as it should. */
function headersIn(bytes: Buffer): Map<string, string> {
  const headers = new Map<string, string>();
  let at = 0;
  while (at < bytes.length) {
    const nameEnd = at + 1 + bytes.readUInt8(at);
    const name = bytes.toString('utf8', at + 1, nameEnd);
    const type = bytes.readUInt8(nameEnd);
    const saysLength = type === BYTES || type === TEXT;
    const length = saysLength ? bytes.readUInt16BE(nameEnd + 1) : LENGTHS[type];
    if (length === undefined) throw new Error('a header has a type that is not known');
    const start = nameEnd + (saysLength ? 3 : 1);
    if (start + length > bytes.length) throw new Error('a header is longer than it can be');
    if (type === TEXT) headers.set(name, bytes.toString('utf8', start, start + length));
    at = start + length;
  }
  return headers;
}
