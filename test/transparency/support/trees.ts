import { GrowingTree, type ReadTile } from '../../../src/transparency/growing-tree.js';
import { HASHES, hashLeaf, type NodeKind } from '../../../src/transparency/hashing.js';
import { Prover } from '../../../src/transparency/proofs.js';

/** The tiles of a tree in memory. */
function tilesInMemory({ bytes }: NodeKind) {
  const tiles = new Map<string, Buffer>();
  const read: ReadTile = (level, index, width) => {
    const tile = tiles.get(`${level}/${index}`);
    if (!tile || tile.length < width * bytes) return Promise.reject(new Error(`no tile ${level}/${index}`));
    return Promise.resolve(tile.subarray(0, width * bytes));
  };
  const keep = (tree: GrowingTree): void => {
    for (const { level, index, hashes } of tree.takeGrown()) tiles.set(`${level}/${index}`, hashes);
  };
  return { read, keep };
}

/** A tree of given leaves: what makes its proofs, and itself once more from its tiles. */
export function proverOf(leaves: readonly Buffer[], kind = HASHES) {
  const { root, readTile } = logOf(leaves, kind);
  return {
    root,
    prover: (size: number) => new Prover(size, readTile, kind),
    resume: () => GrowingTree.resume(leaves.length, readTile),
  };
}

/** What somebody sees from outside of a log of given leaves. */
export function logOf(leaves: readonly Buffer[], kind = HASHES) {
  const { read: readTile, keep } = tilesInMemory(kind);
  const tree = GrowingTree.empty(kind);
  for (const leaf of leaves) tree.append(leaf);
  keep(tree);
  return { root: tree.root(), readTile };
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
