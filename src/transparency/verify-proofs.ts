import { EMPTY_ROOT, HASH_BYTES, HASHES, hashNode, type NodeKind } from './hashing.js';

/** How a tree of a size is, as a checkpoint says. */
export interface TreeHead {
  readonly size: number;
  readonly root: Buffer;
}

/** Whether the proof says that the entry of that hash is at `index` of the tree. */
export function isIncluded(
  leafHash: Buffer,
  index: number,
  { size, root }: TreeHead,
  proof: readonly Buffer[],
  { bytes, join }: NodeKind = HASHES,
): boolean {
  if (index < 0 || index >= size || !areHashes([leafHash, root, ...proof], bytes)) return false;
  let hash = leafHash;
  let [place, last] = [index, size - 1];
  for (const other of proof) {
    if (last === 0) return false;
    if (place % 2 === 1 || place === last) {
      hash = join(other, hash);
      // At the right edge there may be no neighbour for some levels.
      while (place % 2 === 0 && place !== 0) [place, last] = [half(place), half(last)];
    } else hash = join(hash, other);
    [place, last] = [half(place), half(last)];
  }
  return last === 0 && hash.equals(root);
}

/** Whether the proof says that the newer tree begins with all of the older one. */
export function isConsistent(older: TreeHead, newer: TreeHead, proof: readonly Buffer[]): boolean {
  if (!areHashes([older.root, newer.root, ...proof]) || older.size > newer.size) return false;
  if (older.size === newer.size) return proof.length === 0 && older.root.equals(newer.root);
  if (older.size === 0) return proof.length === 0 && older.root.equals(EMPTY_ROOT);
  let [place, last] = [older.size - 1, newer.size - 1];
  while (place % 2 === 1) [place, last] = [half(place), half(last)];
  // The older tree is one subtree of the newer one: its root is where both begin.
  const [start, ...others] = place === 0 ? [older.root, ...proof] : proof;
  if (!start) return false;
  let [oldHash, newHash] = [start, start];
  for (const other of others) {
    if (last === 0) return false;
    if (place % 2 === 1 || place === last) {
      [oldHash, newHash] = [hashNode(other, oldHash), hashNode(other, newHash)];
      while (place % 2 === 0 && place !== 0) [place, last] = [half(place), half(last)];
    } else newHash = hashNode(newHash, other);
    [place, last] = [half(place), half(last)];
  }
  return last === 0 && oldHash.equals(older.root) && newHash.equals(newer.root);
}

const half = (number: number): number => Math.floor(number / 2);
const areHashes = (hashes: readonly Buffer[], bytes = HASH_BYTES): boolean =>
  hashes.every(({ length }) => length === bytes);
