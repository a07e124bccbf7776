const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/**
 * Lines that end with a carriage return alone, which server-sent events allow, end with a line feed after this: then all that cuts and reads
 * them has one end to look for. `\r\n` and `\n` stay as they came, and chunks without a carriage return are handed on untouched.
 */
export class LineFeeds {
  /** A carriage return was the last byte that came: what it is, the next one says. */
  private waits = false;
  /** Lines of this stream end with carriage returns: they are not waited behind any more. */
  private bare = false;
  /** One was taken for a whole end of line: a line feed right behind it belongs to it. */
  private skips = false;

  mend(chunk: Buffer): Buffer {
    if (!this.waits && !this.skips && !chunk.includes(CARRIAGE_RETURN)) return chunk;
    const mended = Buffer.allocUnsafe(chunk.length + 1);
    let length = 0;
    for (const byte of chunk) {
      const isFeed = byte === LINE_FEED;
      if (this.waits) {
        mended[length++] = isFeed ? CARRIAGE_RETURN : LINE_FEED;
        this.bare ||= !isFeed;
        this.waits = false;
      }
      const belongs = isFeed && this.skips;
      this.skips = false;
      if (belongs) continue;
      if (byte !== CARRIAGE_RETURN) mended[length++] = byte;
      else if (this.bare) {
        mended[length++] = LINE_FEED;
        this.skips = true;
      } else this.waits = true;
    }
    return mended.subarray(0, length);
  }

  /** Nothing more comes. */
  finish(): Buffer {
    const rest = this.waits ? Buffer.from('\n') : Buffer.alloc(0);
    this.waits = false;
    return rest;
  }
}
