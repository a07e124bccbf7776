import { Malformed } from './bits.js';
import type { HuffmanTable } from './entropy.js';
import { readLiterals } from './literals.js';
import { readSequences, type SequenceTables } from './sequences.js';

/** What a block decodes to at most. */
export const MOST_BLOCK_BYTES = 128 * 1024;

const RAW = 0;
const REPEATED = 1;
const CODED = 2;

/** The blocks of one frame, each of which may copy from those before it, as far back as the window goes. */
export class BlockDecoder {
  private bytes: Buffer;
  private end = 0;
  private readonly tables: SequenceTables = {};
  private huffman: HuffmanTable | undefined;
  private offsets: [number, number, number] = [1, 4, 8];

  constructor(private readonly windowBytes: number) {
    this.bytes = Buffer.allocUnsafe(Math.min(windowBytes, MOST_BLOCK_BYTES) + MOST_BLOCK_BYTES);
  }

  /** A block of its own bytes. @param size of a block that repeats one byte: how often. @throws Malformed */
  decode(type: number, block: Buffer, size: number): Buffer {
    this.makeRoom();
    const start = this.end;
    if (type === RAW) this.end += block.copy(this.bytes, this.end);
    else if (type === REPEATED) this.bytes.fill(block[0] as number, this.end, (this.end += size));
    else if (type === CODED) this.decodeCoded(block);
    else throw new Malformed('a block of no kind');
    return Buffer.from(this.bytes.subarray(start, this.end));
  }

  /** For one block more: what lies before the window goes, and until then there is more and more of it. */
  private makeRoom(): void {
    if (this.end + MOST_BLOCK_BYTES <= this.bytes.length) return;
    if (this.end > this.windowBytes && this.bytes.length >= this.windowBytes + 2 * MOST_BLOCK_BYTES) {
      this.bytes.copyWithin(0, this.end - this.windowBytes, this.end);
      this.end = this.windowBytes;
      return;
    }
    const most = Math.max(2 * this.windowBytes, this.windowBytes + 2 * MOST_BLOCK_BYTES);
    const larger = Buffer.allocUnsafe(Math.min(most, 2 * this.bytes.length + MOST_BLOCK_BYTES));
    this.bytes.copy(larger, 0, 0, this.end);
    this.bytes = larger;
  }

  private decodeCoded(block: Buffer): void {
    const limit = this.end + MOST_BLOCK_BYTES;
    const { bytes: literals, end, table } = readLiterals(block, this.huffman, MOST_BLOCK_BYTES);
    this.huffman = table;
    const sequences = readSequences(block, end, this.tables);
    let taken = 0;
    for (let at = 0; at < sequences.lengths.length; at++) {
      const more = sequences.literals[at] as number;
      const length = sequences.lengths[at] as number;
      if (taken + more > literals.length || this.end + more + length > limit)
        throw new Malformed('a block is longer than it may be');
      this.bytes.set(literals.subarray(taken, taken + more), this.end);
      taken += more;
      this.end += more;
      this.copy(this.offsetOf(sequences.offsets[at] as number, more === 0), length);
    }
    if (this.end + literals.length - taken > limit) throw new Malformed('a block is longer than it may be');
    this.bytes.set(literals.subarray(taken), this.end);
    this.end += literals.length - taken;
  }

  /** Of a written one up to 3 one of the last three; without literals before it the next of them. */
  private offsetOf(written: number, isBare: boolean): number {
    const [first, second, third] = this.offsets;
    const place = written > 3 ? 3 : written - 1 + (isBare ? 1 : 0);
    const offset = written > 3 ? written - 3 : ([first, second, third, first - 1][place] as number);
    if (place > 0) this.offsets = [offset, first, place === 1 ? third : second];
    return offset;
  }

  /** Byte by byte where it copies what it has just written. */
  private copy(offset: number, length: number): void {
    const from = this.end - offset;
    if (offset < 1 || from < 0 || offset > this.windowBytes) throw new Malformed('an offset is too large');
    if (offset >= length) this.bytes.copyWithin(this.end, from, from + length);
    else for (let at = 0; at < length; at++) this.bytes[this.end + at] = this.bytes[from + at] as number;
    this.end += length;
  }
}
