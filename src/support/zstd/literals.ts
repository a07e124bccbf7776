import { BackwardBits, Malformed } from './bits.js';
import { decodeHuffman, type HuffmanTable, readHuffmanTable } from './entropy.js';

/** The literals of a block, and where they end. */
export interface Literals {
  readonly bytes: Uint8Array;
  readonly end: number;
  /** For blocks that go on with it. */
  readonly table: HuffmanTable | undefined;
}

const RAW = 0;
const REPEATED = 1;
const CODED = 2;

/** @throws Malformed */
export function readLiterals(
  block: Uint8Array,
  earlier: HuffmanTable | undefined,
  mostBytes: number,
): Literals {
  const [first = 0, second = 0, third = 0, fourth = 0, fifth = 0] = block;
  const kind = first & 3;
  const format = (first >> 2) & 3;
  if (kind === RAW || kind === REPEATED) {
    const head = format === 1 ? 2 : format === 3 ? 3 : 1;
    const size = head === 1 ? first >> 3 : (first >> 4) | (second << 4) | (head === 3 ? third << 12 : 0);
    const end = head + (kind === RAW ? size : 1);
    if (end > block.length || size > mostBytes) throw new Malformed('literals are missing');
    const bytes = kind === RAW ? block.subarray(head, end) : new Uint8Array(size).fill(block[head] as number);
    return { bytes, end, table: earlier };
  }
  // Both sizes stand behind four bits, the one behind the other.
  const wide = format < 2 ? 10 : format === 2 ? 14 : 18;
  const head = format < 2 ? 3 : format === 2 ? 4 : 5;
  const both =
    (first >> 4) +
    second * 2 ** 4 +
    third * 2 ** 12 +
    (head > 3 ? fourth * 2 ** 20 : 0) +
    (head > 4 ? fifth * 2 ** 28 : 0);
  const size = both % 2 ** wide;
  const end = head + Math.floor(both / 2 ** wide);
  if (end > block.length || size > mostBytes) throw new Malformed('literals are missing');
  let at = head;
  let table = earlier;
  if (kind === CODED) {
    const read = readHuffmanTable(block, head, end);
    table = read.table;
    at += read.bytesRead;
  }
  if (!table) throw new Malformed('a block goes on with a table that is not there');
  const bytes = new Uint8Array(size);
  if (format === 0) decodeHuffman(table, new BackwardBits(block, at, end), bytes);
  else inFour(table, block.subarray(at, end), bytes);
  return { bytes, end, table };
}

/** Four streams, of which the lengths of the first three stand before them; each has as many symbols, and the last one the rest. */
function inFour(table: HuffmanTable, coded: Uint8Array, into: Uint8Array): void {
  const each = (into.length + 3) >> 2;
  if (coded.length < 6 || each * 3 > into.length) throw new Malformed('literals are missing');
  let start = 6;
  for (let stream = 0; stream < 4; stream++) {
    const length = (coded[stream * 2] as number) | ((coded[stream * 2 + 1] as number) << 8);
    const end = stream === 3 ? coded.length : start + length;
    if (end > coded.length) throw new Malformed('literals are missing');
    const part = into.subarray(each * stream, stream === 3 ? into.length : each * (stream + 1));
    decodeHuffman(table, new BackwardBits(coded, start, end), part);
    start = end;
  }
}
