import { HASHES, type NodeKind } from './hashing.js';

/** Entries, or hashes, of a full tile; and how many levels of the tree it spans. */
export const EVENTS_A_TILE = 256;
export const LEVELS_A_TILE = 8;

/** The hash at a place of a tile. */
export const hashIn = (tile: Buffer, index: number, { bytes }: NodeKind = HASHES): Buffer =>
  tile.subarray(index * bytes, (index + 1) * bytes);

/** The root of so many hashes of a tile: of a complete subtree, so that their number is a power of two. */
export function subtreeRoot(tile: Buffer, from: number, count: number, kind: NodeKind = HASHES): Buffer {
  if (count === 1) return hashIn(tile, from, kind);
  const half = count / 2;
  return kind.join(subtreeRoot(tile, from, half, kind), subtreeRoot(tile, from + half, half, kind));
}

/** Which tiles of a level a tree of that size has: all the full ones, and how wide the last one is. */
export function tilesOf(size: number, level: number): { readonly full: number; readonly width: number } {
  const hashes = Math.floor(size / EVENTS_A_TILE ** level);
  return { full: Math.floor(hashes / EVENTS_A_TILE), width: hashes % EVENTS_A_TILE };
}

/** How many levels of tiles a tree of that size has. */
export function levelsOf(size: number): number {
  let levels = 0;
  for (let hashes = size; hashes > 0; hashes = Math.floor(hashes / EVENTS_A_TILE)) levels += 1;
  return levels;
}
