const MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/** The mark that some upstreams put before a text, wherever its bytes are cut. */
export class ByteOrderMark {
  /** What has come and may be the beginning of one. */
  unfinished: Buffer | undefined;

  /** The beginning of the text without it; undefined while nobody can tell. */
  without(bytes: Buffer): Buffer | undefined {
    const start = this.unfinished ? Buffer.concat([this.unfinished, bytes]) : bytes;
    this.unfinished = start;
    if (start.length <= MARK.length && MARK.subarray(0, start.length).equals(start)) return undefined;
    return start.subarray(0, MARK.length).equals(MARK) ? start.subarray(MARK.length) : start;
  }
}
