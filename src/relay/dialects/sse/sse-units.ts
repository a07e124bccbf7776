import { dataOf, endOfNextFrame } from './frames.js';
import type { Unit, UnitSplitter } from '../units.js';

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/**
 * Frames of server-sent events. Looks at each byte once, however long a frame is (a picture is one frame of megabytes) and wherever the
 * chunks are cut.
 */
export class SseUnits implements UnitSplitter {
  readonly contentType = 'text/event-stream; charset=utf-8';
  readonly ending = '';
  unfinishedBytes = 0;
  private parts: Buffer[] = [];
  /** The last two bytes of the frame that is not whole yet. */
  private last = -1;
  private beforeLast = -1;

  split(chunk: Buffer): Unit[] {
    const units: Unit[] = [];
    let from = 0;
    for (let feed = chunk.indexOf(LINE_FEED); feed !== -1; feed = chunk.indexOf(LINE_FEED, feed + 1)) {
      if (!this.endsFrame(chunk, from, feed)) continue;
      units.push({ kind: 'payload', bytes: this.cut(chunk.subarray(from, feed + 1)) });
      from = feed + 1;
    }
    this.keep(chunk.subarray(from));
    return units;
  }

  rest(): Unit | undefined {
    if (this.unfinishedBytes === 0) return undefined;
    const bytes = this.cut(Buffer.from('\n\n'));
    return { kind: bareJson(bytes) === '' ? 'payload' : 'bare', bytes };
  }

  json(unit: Buffer): string {
    const data = dataOf(unit);
    // Errors in mid-stream come as they would outside of one: without framing.
    return data === '' ? bareJson(unit) : data;
  }

  frame(json: string): Buffer {
    return Buffer.from(`data: ${json}\n\n`);
  }

  *unitsOf(passed: Buffer): Iterable<Buffer> {
    let from = 0;
    while (from < passed.length) {
      const to = endOfNextFrame(passed, from);
      yield passed.subarray(from, to);
      from = to;
    }
  }

  /** A blank line, `\n\n` or `\r\n\r\n`, of which a part may have come before. */
  private endsFrame(chunk: Buffer, from: number, feed: number): boolean {
    const before = feed > from ? chunk[feed - 1] : this.last;
    if (before === LINE_FEED) return true;
    if (before !== CARRIAGE_RETURN) return false;
    const second = feed - 2 >= from ? chunk[feed - 2] : feed - 1 >= from ? this.last : this.beforeLast;
    return second === LINE_FEED;
  }

  private cut(end: Buffer): Buffer {
    const bytes = this.parts.length === 0 ? end : Buffer.concat([...this.parts, end]);
    this.parts = [];
    this.unfinishedBytes = 0;
    this.last = this.beforeLast = -1;
    return bytes;
  }

  private keep(rest: Buffer): void {
    if (rest.length === 0) return;
    this.parts.push(rest);
    this.unfinishedBytes += rest.length;
    this.beforeLast = rest.length > 1 ? (rest[rest.length - 2] as number) : this.last;
    this.last = rest[rest.length - 1] as number;
  }
}

function bareJson(unit: Buffer): string {
  const text = unit.toString('utf8').trim();
  return text.startsWith('{') || text.startsWith('[') ? text : '';
}
