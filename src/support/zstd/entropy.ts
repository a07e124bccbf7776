import { BackwardBits, ForwardBits, highestBit, Malformed } from './bits.js';

/** Finite state entropy: of each state its symbol, and how the next state is found. */
export interface StateTable {
  readonly accuracy: number;
  readonly symbols: Uint8Array;
  readonly bits: Uint8Array;
  readonly bases: Uint16Array;
}

/** One symbol again and again. */
export const constantTable = (symbol: number): StateTable => ({
  accuracy: 0,
  symbols: Uint8Array.of(symbol),
  bits: Uint8Array.of(0),
  bases: Uint16Array.of(0),
});

/** @param counts how often each symbol is expected among the states; -1: less than once */
export function stateTable(counts: readonly number[], accuracy: number): StateTable {
  const size = 1 << accuracy;
  const symbols = new Uint8Array(size);
  const next = counts.map((count) => (count === -1 ? 1 : count));
  let high = size;
  for (const [symbol, count] of counts.entries()) if (count === -1) symbols[--high] = symbol;
  const step = (size >> 1) + (size >> 3) + 3;
  let at = 0;
  for (const [symbol, count] of counts.entries())
    for (let placed = 0; placed < count; placed++) {
      symbols[at] = symbol;
      do at = (at + step) & (size - 1);
      while (at >= high);
    }
  const bits = new Uint8Array(size);
  const bases = new Uint16Array(size);
  for (let state = 0; state < size; state++) {
    const symbol = symbols[state] as number;
    const nth = next[symbol] as number;
    next[symbol] = nth + 1;
    const wide = accuracy - highestBit(nth);
    bits[state] = wide;
    bases[state] = (nth << wide) - size;
  }
  return { accuracy, symbols, bits, bases };
}

/** A table as it is written. @throws Malformed */
export function readStateTable(
  bytes: Uint8Array,
  start: number,
  most: { readonly accuracy: number; readonly symbol: number },
): { readonly table: StateTable; readonly bytesRead: number } {
  const bits = new ForwardBits(bytes, start);
  const accuracy = bits.read(4) + 5;
  if (accuracy > most.accuracy) throw new Malformed('a table is too large');
  const counts: number[] = [];
  let remaining = 1 << accuracy;
  while (remaining > 0 && counts.length <= most.symbol) {
    const count = countIn(bits, remaining);
    remaining -= Math.abs(count);
    counts.push(count);
    if (count === 0)
      for (let more = 3; more === 3;) {
        more = bits.read(2);
        for (let skipped = 0; skipped < more; skipped++) counts.push(0);
      }
  }
  if (remaining !== 0 || counts.length > most.symbol + 1) throw new Malformed('a table does not add up');
  return { table: stateTable(counts, accuracy), bytesRead: bits.bytesRead };
}

/** Small counts have a bit less. */
function countIn(bits: ForwardBits, remaining: number): number {
  const wide = highestBit(remaining + 1) + 1;
  const value = bits.read(wide);
  const half = (1 << (wide - 1)) - 1;
  const threshold = (1 << wide) - 1 - (remaining + 1);
  if ((value & half) < threshold) {
    bits.unread(1);
    return (value & half) - 1;
  }
  return (value > half ? value - threshold : value) - 1;
}

/** Huffman's code: of each of the next `width` bits the symbol that they begin with, and how many are its own. */
export interface HuffmanTable {
  readonly width: number;
  readonly symbols: Uint8Array;
  readonly bits: Uint8Array;
}

const MOST_HUFFMAN_BITS = 11;
const WEIGHTS = { accuracy: 6, symbol: 255 };

/** @throws Malformed */
export function readHuffmanTable(
  bytes: Uint8Array,
  start: number,
  end: number,
): { readonly table: HuffmanTable; readonly bytesRead: number } {
  const head = bytes[start] ?? 0;
  if (head >= 128) {
    const count = head - 127;
    const size = (count + 1) >> 1;
    if (start + 1 + size > end) throw new Malformed('weights are missing');
    const weights = Array.from({ length: count }, (_, at) => {
      const both = bytes[start + 1 + (at >> 1)] as number;
      return at % 2 === 0 ? both >> 4 : both & 15;
    });
    return { table: huffmanTable(weights), bytesRead: 1 + size };
  }
  const stop = start + 1 + head;
  if (head === 0 || stop > end) throw new Malformed('weights are missing');
  const { table, bytesRead } = readStateTable(bytes.subarray(0, stop), start + 1, WEIGHTS);
  const weights = interleaved(table, new BackwardBits(bytes, start + 1 + bytesRead, stop));
  return { table: huffmanTable(weights), bytesRead: 1 + head };
}

/** Two states that take turns until the bits are used up. */
function interleaved(table: StateTable, bits: BackwardBits): number[] {
  const { accuracy, symbols, bits: wide, bases } = table;
  const states = [bits.read(accuracy), bits.read(accuracy)] as [number, number];
  const found: number[] = [];
  for (let turn: 0 | 1 = 0; found.length < 255; turn = turn === 0 ? 1 : 0) {
    const state = states[turn];
    found.push(symbols[state] as number);
    const needed = wide[state] as number;
    if (bits.left < needed) {
      found.push(symbols[states[turn === 0 ? 1 : 0]] as number);
      break;
    }
    states[turn] = (bases[state] as number) + bits.read(needed);
  }
  return found;
}

/** The weight of the last symbol is what is left. */
function huffmanTable(weights: number[]): HuffmanTable {
  if (weights.some((weight) => weight > MOST_HUFFMAN_BITS)) throw new Malformed('a weight is too large');
  const sum = weights.reduce((total, weight) => total + (weight > 0 ? 1 << (weight - 1) : 0), 0);
  const width = sum > 0 ? highestBit(sum) + 1 : 0;
  const left = (1 << width) - sum;
  if (width === 0 || width > MOST_HUFFMAN_BITS || (left & (left - 1)) !== 0 || weights.length > 255)
    throw new Malformed('weights do not add up');
  const all = [...weights, highestBit(left) + 1];
  const symbols = new Uint8Array(1 << width);
  const bits = new Uint8Array(1 << width);
  let at = 0;
  for (let weight = 1; weight <= width; weight++)
    for (const [symbol, own] of all.entries()) {
      if (own !== weight) continue;
      const next = at + (1 << (weight - 1));
      symbols.fill(symbol, at, next);
      bits.fill(width + 1 - weight, at, next);
      at = next;
    }
  return { width, symbols, bits };
}

/** As many symbols as `into` has room for, of bits that are used up by them. @throws Malformed */
export function decodeHuffman(
  { width, symbols, bits: wide }: HuffmanTable,
  bits: BackwardBits,
  into: Uint8Array,
): void {
  for (let at = 0; at < into.length; at++) {
    const next = bits.peek(width);
    into[at] = symbols[next] as number;
    bits.left -= wide[next] as number;
  }
  if (bits.left !== 0) throw new Malformed('a stream of bits has another length');
}
