import { HASHES, type NodeKind } from './hashing.js';
import type { ReadTile } from './growing-tree.js';
import { EVENTS_A_TILE, LEVELS_A_TILE, subtreeRoot } from './tile.js';

/** Makes the proofs of RFC 6962 of the tiles of a tree that has at least that size. */
export class Prover {
  private readonly tiles = new Map<string, Promise<Buffer>>();

  constructor(
    private readonly size: number,
    private readonly read: ReadTile,
    private readonly kind: NodeKind = HASHES,
  ) {}

  /** The root of the first `size` entries. */
  async root(size = this.size): Promise<Buffer> {
    return size === 0 ? this.kind.empty : this.range(0, size);
  }

  /** 2.1.1: that an entry is in the tree; from its neighbour up. @throws RangeError */
  async inclusion(index: number): Promise<readonly Buffer[]> {
    if (index < 0 || index >= this.size)
      throw new RangeError(`a tree of ${this.size} entries has no entry ${index}`);
    const proof: Promise<Buffer>[] = [];
    let [from, to] = [0, this.size];
    while (to - from > 1) {
      const middle = from + splitOf(to - from);
      if (index < middle) {
        proof.push(this.range(middle, to));
        to = middle;
      } else {
        proof.push(this.range(from, middle));
        from = middle;
      }
    }
    return (await Promise.all(proof)).reverse();
  }

  /** 2.1.2: that the first `older` entries are those they were. @throws RangeError */
  async consistency(older: number): Promise<readonly Buffer[]> {
    if (older < 0 || older > this.size)
      throw new RangeError(`a tree of ${this.size} entries has no first ${older}`);
    if (older === 0 || older === this.size) return [];
    const proof: Promise<Buffer>[] = [];
    let [from, to] = [0, this.size];
    while (older !== to) {
      const middle = from + splitOf(to - from);
      if (older <= middle) {
        proof.push(this.range(middle, to));
        to = middle;
      } else {
        proof.push(this.range(from, middle));
        from = middle;
      }
    }
    // The verifier has the root of the older tree: what it is a whole left part of need not be told.
    if (from > 0) proof.push(this.range(from, to));
    return (await Promise.all(proof)).reverse();
  }

  private async range(from: number, to: number): Promise<Buffer> {
    const count = to - from;
    const split = splitOf(count);
    if (count === 1 || split * 2 === count) return this.subtree(Math.log2(count), from / count);
    const [left, right] = await Promise.all([this.range(from, from + split), this.range(from + split, to)]);
    return this.kind.join(left, right);
  }

  /** A complete subtree of so many levels. */
  private async subtree(height: number, place: number): Promise<Buffer> {
    const level = Math.floor(height / LEVELS_A_TILE);
    const count = 2 ** (height % LEVELS_A_TILE);
    const first = place * count;
    const index = Math.floor(first / EVENTS_A_TILE);
    return subtreeRoot(await this.tile(level, index), first % EVENTS_A_TILE, count, this.kind);
  }

  private tile(level: number, index: number): Promise<Buffer> {
    const name = `${level}/${index}`;
    const known = this.tiles.get(name);
    if (known) return known;
    const left = Math.floor(this.size / EVENTS_A_TILE ** level) - index * EVENTS_A_TILE;
    const tile = this.read(level, index, Math.min(left, EVENTS_A_TILE));
    this.tiles.set(name, tile);
    return tile;
  }
}

/** The largest power of two below a number above one. */
function splitOf(count: number): number {
  let split = 1;
  while (split * 2 < count) split *= 2;
  return split;
}
