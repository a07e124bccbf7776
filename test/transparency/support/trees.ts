import { GrowingTree, type ReadTile } from '../../../src/transparency/growing-tree.js';
import { HASH_BYTES, hashLeaf } from '../../../src/transparency/hashing.js';
import { Prover } from '../../../src/transparency/proofs.js';

/** The tiles of a tree in memory. */
export function tilesInMemory() {
  const tiles = new Map<string, Buffer>();
  const read: ReadTile = (level, index, width) => {
    const tile = tiles.get(`${level}/${index}`);
    if (!tile || tile.length < width * HASH_BYTES)
      return Promise.reject(new Error(`no tile ${level}/${index}`));
    return Promise.resolve(tile.subarray(0, width * HASH_BYTES));
  };
  const keep = (tree: GrowingTree): void => {
    for (const { level, index, hashes } of tree.takeGrown()) tiles.set(`${level}/${index}`, hashes);
  };
  return { read, keep };
}

/** A tree of given leaves: what makes its proofs, and itself once more from its tiles. */
export function proverOf(leaves: readonly Buffer[]) {
  const { read, keep } = tilesInMemory();
  const tree = GrowingTree.empty();
  for (const leaf of leaves) tree.append(leaf);
  keep(tree);
  return {
    tree,
    prover: (size: number) => new Prover(size, read),
    resume: () => GrowingTree.resume(leaves.length, read),
  };
}

/** A tree of `entry 0`, `entry 1`, … and its root at each size. */
export function grownTree(size: number) {
  const leaves = Array.from({ length: size }, (_, index) => hashLeaf(Buffer.from(`entry ${index}`)));
  const tree = GrowingTree.empty();
  const roots = [tree.root()];
  for (const leaf of leaves) {
    tree.append(leaf);
    roots.push(tree.root());
  }
  return { leaves, roots, prover: proverOf(leaves).prover };
}
