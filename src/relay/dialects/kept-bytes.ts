const NOTHING = Buffer.alloc(0);
/** Smaller pieces are put together: each takes memory of its own, more than a few bytes. Buffers of this size are not cut out of larger ones. */
const SMALL_BYTES = 8 * 1024;

/** Bytes that come in pieces and are kept until they are whole. */
export class KeptBytes {
  length = 0;
  private parts: Buffer[] = [];

  add(piece: Buffer): void {
    if (piece.length === 0) return;
    this.length += piece.length;
    const last = this.parts.at(-1);
    if (last && last.length + piece.length <= SMALL_BYTES)
      this.parts[this.parts.length - 1] = Buffer.concat([last, piece]);
    else this.parts.push(piece);
  }

  /** All of them and this end, in one piece; from here on nothing is kept. */
  takeWith(end: Buffer = NOTHING): Buffer {
    const whole =
      this.parts.length === 0 ? end : Buffer.concat([...this.parts, end], this.length + end.length);
    this.parts = [];
    this.length = 0;
    return whole;
  }
}
