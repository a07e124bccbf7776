/** Twice as many slots as the 199,998 sequences of o200k_base, rounded up to a power of two. */
const SLOTS = 524_288;
const NONE = -1;
const LF = 10;
const SPACE = 32;
/** The value of each letter of base64, by its code. */
const SIX_BITS = new Uint8Array(128);
for (const [value, letter] of [
  ...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/',
].entries())
  SIX_BITS[letter.charCodeAt(0)] = value;

/**
 * The sequences of bytes that are tokens of a byte pair encoding, each with its rank: the lower, the earlier two neighbours are joined.
 * Kept as bytes in arrays of numbers, 6 MB in all, where a map of texts takes 60 MB and half a second of processor at each start.
 */
export class BytePairs {
  private bytes: Uint8Array;
  private readonly ends: Uint32Array;
  /** Open addressing: the rank of the sequence that has its place there, or NONE. */
  private readonly slots = new Int32Array(SLOTS).fill(NONE);

  /** @param file in the form of tiktoken: a line for each rank from 0 on, the bytes in base64 and the rank */
  constructor(file: Buffer) {
    this.bytes = new Uint8Array(file.length);
    const ends: number[] = [];
    let end = 0;
    for (let at = 0; at < file.length; at = file.indexOf(LF, at) + 1) {
      const from = end;
      end = this.decode(file, at, end);
      const rank = ends.push(end) - 1;
      let slot = hash(this.bytes, from, end);
      while (this.slots[slot] !== NONE) slot = (slot + 1) & (SLOTS - 1);
      this.slots[slot] = rank;
    }
    this.ends = Uint32Array.from(ends);
    this.bytes = this.bytes.slice(0, end);
  }

  /** How many tokens the bytes between two places have, of a piece of text beyond which no pair reaches. */
  count(bytes: Uint8Array, from: number, to: number): number {
    if (to - from < 2 || this.rank(bytes, from, to) !== NONE) return Math.min(to - from, 1);
    // Where the parts that are left begin, and the rank of each together with the one behind it.
    const begins = new Uint32Array(to - from + 1);
    const ranks = new Int32Array(to - from - 1);
    for (let part = 0; part < begins.length; part++) begins[part] = from + part;
    for (let part = 0; part < ranks.length; part++)
      ranks[part] = this.rank(bytes, from + part, from + part + 2);
    let parts = to - from;
    for (let first = lowest(ranks, parts - 1); first !== NONE; first = lowest(ranks, parts - 1)) {
      begins.copyWithin(first + 1, first + 2, parts + 1);
      ranks.copyWithin(first, first + 1, parts - 1);
      parts -= 1;
      for (const part of [first - 1, first])
        if (part >= 0 && part < parts - 1)
          ranks[part] = this.rank(bytes, begins[part] as number, begins[part + 2] as number);
    }
    return parts;
  }

  private rank(bytes: Uint8Array, from: number, to: number): number {
    for (let slot = hash(bytes, from, to); ; slot = (slot + 1) & (SLOTS - 1)) {
      const rank = this.slots[slot] as number;
      if (rank === NONE || this.holds(rank, bytes, from, to)) return rank;
    }
  }

  private holds(rank: number, bytes: Uint8Array, from: number, to: number): boolean {
    const begin = rank === 0 ? 0 : (this.ends[rank - 1] as number);
    if ((this.ends[rank] as number) - begin !== to - from) return false;
    for (let index = from; index < to; index++)
      if (bytes[index] !== this.bytes[begin + index - from]) return false;
    return true;
  }

  /** Reads base64 from `at` to the next space; answers where the bytes end. */
  private decode(file: Buffer, at: number, end: number): number {
    let bits = 0;
    let count = 0;
    let to = end;
    for (let index = at; file[index] !== SPACE && file[index] !== 0x3d; index++) {
      bits = (bits << 6) | (SIX_BITS[file[index] as number] as number);
      count += 6;
      if (count < 8) continue;
      count -= 8;
      this.bytes[to] = bits >> count;
      to += 1;
      bits &= (1 << count) - 1;
    }
    return to;
  }
}

/** FNV-1a. */
function hash(bytes: Uint8Array, from: number, to: number): number {
  let value = 0x81_1c_9d_c5;
  for (let index = from; index < to; index++)
    value = Math.imul(value ^ (bytes[index] as number), 0x01_00_01_93);
  return (value ^ (value >>> 15)) & (SLOTS - 1);
}

/** The place of the lowest of the first `count` ranks, the first of equal ones; NONE where no two parts are a token together. */
function lowest(ranks: Int32Array, count: number): number {
  let place = NONE;
  let least = Infinity;
  for (let index = 0; index < count; index++) {
    const rank = ranks[index] as number;
    if (rank === NONE || rank >= least) continue;
    least = rank;
    place = index;
  }
  return place;
}
