/** By itself a piece takes this beside its characters, and its place in a list. */
const PIECE_BYTES = 40;
/** So many are put together into one. */
const MOST_PIECES = 64;
/** What a piece of bytes that is kept takes beside them. */
export const BUFFER_BYTES = 128;
const WIDE = /[\u0100-\uffff]/;

/** What a text takes in memory: one byte a character, or two where one of them needs two. */
export const bytesOfText = (text: string): number => (WIDE.test(text) ? 2 : 1) * text.length;

/** A text that comes in pieces and is kept until it is asked for. */
export class KeptText {
  length = 0;
  /** What it takes in memory. */
  bytes = 0;
  /** Of many pieces each. */
  private readonly parts: string[] = [];
  private pieces: string[] = [];

  /** @param bytes as `bytesOfText` has it, where that is known */
  add(piece: string, bytes = bytesOfText(piece)): void {
    this.length += piece.length;
    this.bytes += bytes + PIECE_BYTES;
    this.pieces.push(piece);
    if (this.pieces.length < MOST_PIECES) return;
    this.parts.push(this.pieces.join(''));
    this.pieces = [];
    this.bytes -= (MOST_PIECES - 1) * PIECE_BYTES;
  }

  get text(): string {
    return [...this.parts, ...this.pieces].join('');
  }
}
