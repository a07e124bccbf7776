import { KeptBytes } from '../kept-bytes.js';

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
/** What stands before the first byte of a frame. */
const START = -1;
const NOTHING = Buffer.alloc(0);

/**
 * Cuts server-sent events into whole frames, for every dialect. Looks at each byte once, however long a frame is (a picture is one frame of
 * megabytes) and wherever the chunks are cut. A frame ends with a blank line, written `\n\n` or `\r\n\r\n`; another blank line behind it is
 * a frame of its own.
 */
export class FrameCutter {
  private readonly unfinished = new KeptBytes();
  /** The last two of them. */
  private last = START;
  private beforeLast = START;

  /** Bytes of the frame that is not whole yet. */
  get unfinishedBytes(): number {
    return this.unfinished.length;
  }

  /** The whole frames up to the last one that ends in this chunk, in one piece; empty when none does. */
  cut(chunk: Buffer): Buffer {
    const end = this.endOfLastFrame(chunk);
    if (end === 0) {
      this.keep(chunk);
      return NOTHING;
    }
    const frames = this.joined(end === chunk.length ? chunk : chunk.subarray(0, end));
    if (end < chunk.length) this.keep(chunk.subarray(end));
    return frames;
  }

  /** Nothing more comes: a last frame without its blank line is whole after all. Empty when there is none. */
  finish(): Buffer {
    return this.unfinishedBytes === 0 ? NOTHING : this.cut(Buffer.from('\n\n'));
  }

  /** What is unfinished, to be looked at and given back; nothing is unfinished after it. */
  take(): Buffer {
    return this.joined(NOTHING);
  }

  private endOfLastFrame(chunk: Buffer): number {
    let feed = chunk.lastIndexOf(LINE_FEED);
    while (feed !== -1) {
      if (this.endsFrame(chunk, feed)) return feed + 1;
      feed = feed === 0 ? -1 : chunk.lastIndexOf(LINE_FEED, feed - 1);
    }
    return 0;
  }

  /** Whether the line that ends with this feed is blank; a part of it may have come before. */
  private endsFrame(chunk: Buffer, feed: number): boolean {
    const before = this.byteAt(chunk, feed - 1);
    const beforeLine = before === CARRIAGE_RETURN ? this.byteAt(chunk, feed - 2) : before;
    return beforeLine === LINE_FEED || beforeLine === START;
  }

  private byteAt(chunk: Buffer, at: number): number {
    if (at >= 0) return chunk[at] as number;
    return at === -1 ? this.last : this.beforeLast;
  }

  /** With what came before; from here on nothing is unfinished. Most chunks are whole frames, for which nothing is made. */
  private joined(end: Buffer): Buffer {
    if (this.unfinishedBytes === 0) return end;
    this.last = this.beforeLast = START;
    return this.unfinished.takeWith(end);
  }

  private keep(rest: Buffer): void {
    if (rest.length === 0) return;
    this.unfinished.add(rest);
    this.beforeLast = rest.length > 1 ? (rest[rest.length - 2] as number) : this.last;
    this.last = rest[rest.length - 1] as number;
  }
}
