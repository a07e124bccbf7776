import { BACKSLASH } from './bytes.js';

/** V8 gives longer texts pages of their own, which made a decoded megabyte four times as dear. */
const PIECE_BYTES = 32 * 1024;
const LETTER_U = 0x75;

/** A JSON string that is decoded piece by piece, each of which JSON.parse could read by itself. */
export class LongString {
  text = '';
  private at: number;

  /** From its opening quote to behind the closing one. */
  constructor(
    private readonly json: Buffer,
    start: number,
    readonly end: number,
  ) {
    this.at = start + 1;
    // What ends without a quote is no string.
    if (end - start < 2 || json[end - 1] !== 0x22) throw new SyntaxError('not a string');
  }

  /** True when it is whole. @throws SyntaxError */
  step(): boolean {
    const last = this.end - 1;
    const to = last - this.at <= PIECE_BYTES ? last : this.cut(this.at + PIECE_BYTES);
    this.text += JSON.parse(`"${this.json.toString('utf8', this.at, to)}"`) as string;
    this.at = to;
    return to === last;
  }

  /** The next place at which neither an escape nor a character is cut in two. */
  private cut(wanted: number): number {
    const { json } = this;
    let at = this.at;
    if (json.subarray(at, wanted).includes(BACKSLASH)) {
      while (at < wanted) at += json[at] !== BACKSLASH ? 1 : json[at + 1] === LETTER_U ? 6 : 2;
    } else at = wanted;
    const last = this.end - 1;
    while (at < last && ((json[at] as number) & 0xc0) === 0x80) at++;
    return Math.min(at, last);
  }
}
