import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { EMPTY_ROOT, hashLeaf, hashNode } from '../../src/transparency/hashing.js';
import { isConsistent, isIncluded } from '../../src/transparency/verify-proofs.js';
import { grownTree, proverOf } from './support/trees.js';

/** Some tiles wide; every pair is tried of the first, and pairs at random of all. */
const SIZES = 700;
const SMALL = 66;
const { roots, leaves, prover } = grownTree(SIZES);
const root = (size: number): Buffer => roots[size] as Buffer;
const leaf = (index: number): Buffer => leaves[index] as Buffer;

/** RFC 6962's own definition, without tiles. */
const treeHash = (hashes: readonly Buffer[]): Buffer => {
  const [first] = hashes;
  if (!first) return EMPTY_ROOT;
  if (hashes.length === 1) return first;
  let split = 1;
  while (split * 2 < hashes.length) split *= 2;
  return hashNode(treeHash(hashes.slice(0, split)), treeHash(hashes.slice(split)));
};

const changed = (hash: Buffer, bit: number): Buffer => {
  const copy = Buffer.from(hash);
  copy[bit >> 3] = (copy[bit >> 3] as number) ^ (1 << (bit & 7));
  return copy;
};

describe('a tree of entries', () => {
  it('has at every size the root that RFC 6962 defines, as it grows and from its tiles', async () => {
    for (const size of [
      ...Array.from({ length: SMALL }, (_, index) => index),
      255,
      256,
      257,
      511,
      512,
      513,
      SIZES,
    ]) {
      expect(root(size)).toEqual(treeHash(leaves.slice(0, size)));
      expect(await prover(size).root()).toEqual(root(size));
    }
  });

  it('proves every entry of every size', async () => {
    for (let size = 1; size <= SMALL; size += 1) {
      const from = prover(size);
      for (let index = 0; index < size; index += 1) {
        const proof = await from.inclusion(index);
        if (!isIncluded(leaf(index), index, { size, root: root(size) }, proof))
          throw new Error(`entry ${index} of ${size} is not proved`);
      }
    }
  });

  it('proves of every size that it begins with every smaller one', async () => {
    for (let size = 0; size <= SMALL; size += 1)
      for (let older = 0; older <= size; older += 1) {
        const proof = await prover(size).consistency(older);
        if (!isConsistent({ size: older, root: root(older) }, { size, root: root(size) }, proof))
          throw new Error(`${size} is not proved to go on from ${older}`);
      }
  });

  it('refuses a proof of an entry in which a bit was changed, and one for another place', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 2, max: SIZES }),
        fc.nat(),
        fc.nat(),
        fc.nat(255),
        async (size, a, b, bit) => {
          const index = a % size;
          const proof = await prover(size).inclusion(index);
          const head = { size, root: root(size) };
          const at = b % proof.length;
          const bad = proof.map((hash, place) => (place === at ? changed(hash, bit) : hash));
          expect(isIncluded(leaf(index), index, head, bad)).toBe(false);
          expect(isIncluded(changed(leaf(index), bit), index, head, proof)).toBe(false);
          expect(isIncluded(leaf(index), index, { size, root: changed(root(size), bit) }, proof)).toBe(false);
          expect(isIncluded(leaf(index), (index + 1 + (b % (size - 1))) % size, head, proof)).toBe(false);
          expect(isIncluded(leaf(index), index, head, proof.slice(1))).toBe(false);
          expect(isIncluded(leaf(index), index, head, [...proof, leaf(0)])).toBe(false);
        },
      ),
    );
  });

  it('refuses a proof of going on in which a bit was changed', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 2, max: SIZES }),
        fc.nat(),
        fc.nat(),
        fc.nat(255),
        async (size, a, b, bit) => {
          const older = { size: 1 + (a % (size - 1)), root: root(1 + (a % (size - 1))) };
          const newer = { size, root: root(size) };
          const proof = await prover(size).consistency(older.size);
          const at = b % proof.length;
          const bad = proof.map((hash, place) => (place === at ? changed(hash, bit) : hash));
          expect(isConsistent(older, newer, bad)).toBe(false);
          expect(isConsistent({ ...older, root: changed(older.root, bit) }, newer, proof)).toBe(false);
          expect(isConsistent(older, { ...newer, root: changed(newer.root, bit) }, proof)).toBe(false);
          expect(isConsistent(older, newer, proof.slice(0, -1))).toBe(false);
          expect(isConsistent(older, newer, [...proof, leaf(0)])).toBe(false);
        },
      ),
    );
  });

  it('goes on from its tiles as if it had not stopped, wherever that was', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(SIZES), async (stop) => {
        const resumed = await proverOf(leaves.slice(0, stop)).resume();
        for (const each of leaves.slice(stop)) resumed.append(each);
        expect(resumed.root()).toEqual(root(SIZES));
      }),
    );
  });

  it('hashes a leaf and a node apart', () => {
    expect(hashLeaf(Buffer.concat([leaf(0), leaf(1)]))).not.toEqual(hashNode(leaf(0), leaf(1)));
  });
});
