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
  private characterBytes = 0;
  /** Of many pieces each. */
  private readonly parts: string[] = [];
  private pieces: string[] = [];

  add(piece: string): void {
    this.length += piece.length;
    this.characterBytes += bytesOfText(piece);
    this.pieces.push(piece);
    if (this.pieces.length < MOST_PIECES) return;
    this.parts.push(this.pieces.join(''));
    this.pieces = [];
  }

  get text(): string {
    return [...this.parts, ...this.pieces].join('');
  }

  /** What it takes in memory. */
  get bytes(): number {
    return this.characterBytes + PIECE_BYTES * (this.parts.length + this.pieces.length);
  }
}
