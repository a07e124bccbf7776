import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
// @ts-expect-error: for strangers, who want one file without anything beside it
import { readKey, verifyReceipt } from '../../docs/transparency/verify-receipt.mjs';
import { sha256 } from '../../src/transparency/hashing.js';
import { checkBalanceProof } from '../../src/transparency/liability/balance-proof.js';
import { leafNode, sumNode, sumOf, SUMS } from '../../src/transparency/liability/sum-tree.js';
import { verifierText } from '../../src/transparency/note-keys.js';
import { BadReceipt, checkReceipt } from '../../src/transparency/receipt.js';
import { isIncluded } from '../../src/transparency/verify-proofs.js';
import { accountIdOf, committed, logKeys } from './support/committed.js';
import { proverOf } from './support/trees.js';

const strangersKey = readKey(verifierText(logKeys[0] as (typeof logKeys)[number]));
const quotas = [700n, -30n, 0n, 12_345n, -1n, 9_007_199_254_740_991n, 5n];
const passes = (check: () => unknown): boolean => {
  try {
    check();
    return true;
  } catch {
    return false;
  }
};

describe('a sum tree', () => {
  it('proves each leaf of any number of them, and comes to their sum', async () => {
    for (const size of [1, 2, 3, 5, 8, 13, 100, 256, 257, 300]) {
      const leaves = Array.from({ length: size }, (_, place) =>
        leafNode({ mark: sha256(Buffer.from(`${place}`)), quota: BigInt(place * place), lastIndex: place }),
      );
      const { root, prover } = proverOf(leaves, SUMS);
      expect(sumOf(root)).toBe(leaves.reduce((sum, leaf) => sum + sumOf(leaf), 0n));
      for (const [place, leaf] of leaves.entries()) {
        const proof = await prover(size).inclusion(place);
        expect(isIncluded(leaf, place, { size, root }, proof, SUMS)).toBe(true);
        expect(isIncluded(leaf, place + 1, { size, root }, proof, SUMS)).toBe(false);
        const more = sumNode(leaf.subarray(0, 32), sumOf(leaf) + 1n);
        expect(isIncluded(more, place, { size, root }, proof, SUMS)).toBe(false);
      }
    }
  });

  it('is refused where a neighbour is said to have less and the node as much: the sum of each child is in the hash', async () => {
    const leaves = [40n, 60n].map((quota, place) =>
      leafNode({ mark: sha256(Buffer.from(`${place}`)), quota, lastIndex: place }),
    );
    const { root } = proverOf(leaves, SUMS);
    const [mine, other] = leaves as [Buffer, Buffer];
    const head = { size: 2, root };
    expect(isIncluded(mine, 0, head, [other], SUMS)).toBe(true);
    // What Maxwell's summation tree lets through: each user is shown another division of one total.
    const [more, less] = [sumNode(mine.subarray(0, 32), 90n), sumNode(other.subarray(0, 32), 10n)];
    expect(sumOf(SUMS.join(more, less))).toBe(sumOf(root));
    expect(isIncluded(more, 0, head, [less], SUMS)).toBe(false);
  });

  it('takes nothing below zero, and nothing that 128 bits do not hold', () => {
    expect(() => sumNode(Buffer.alloc(32), -1n)).toThrow(RangeError);
    const most = sumNode(Buffer.alloc(32), 2n ** 128n - 1n);
    expect(sumOf(most)).toBe(2n ** 128n - 1n);
    expect(() => SUMS.join(most, sumNode(Buffer.alloc(32), 1n))).toThrow(RangeError);
  });

  it('has the same sum and no other, whatever the balances are', () => {
    fc.assert(
      fc.property(
        fc.array(fc.bigInt({ min: -(2n ** 53n), max: 2n ** 53n }), { maxLength: 400 }),
        (balances) => {
          const { owed, overdrawn } = committed(balances).totals;
          const sum = balances.reduce((total, balance) => total + balance, 0n);
          expect(sumOf(owed.root) - sumOf(overdrawn.root)).toBe(sum);
          expect(owed.accounts + overdrawn.accounts).toBe(balances.length);
        },
      ),
      { numRuns: 10 },
    );
  });
});

describe('a proof of a balance', () => {
  it('says, here and to a stranger, what an account had and what was owed to all', async () => {
    const closing = committed(quotas);
    for (const [number, balance] of quotas.entries()) {
      const text = await closing.proofOf(await closing.leafOf(number));
      const proved = checkBalanceProof(text, { logKeys });
      expect(proved).toMatchObject({
        accountId: accountIdOf(number),
        balance,
        lastIndex: number,
        asOf: '2026-11-29',
      });
      expect(proved.owed).toBe(9_007_199_254_754_041n);
      expect(proved.overdrawn).toBe(31n);
      const seen = verifyReceipt(text, strangersKey).balance;
      expect(seen).toMatchObject({ account: accountIdOf(number), quota: balance, lastIndex: number });
    }
  });

  it('is refused by both whichever byte of it was changed', async () => {
    const closing = committed(quotas);
    const whole = Buffer.from(await closing.proofOf(await closing.leafOf(1)));
    const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
    const passed: number[] = [];
    for (let at = 0; at < whole.length; at += 1) {
      const other = Buffer.from(whole);
      other[at] = (other[at] as number) ^ (1 << (at % 7));
      if (passes(() => checkBalanceProof(other.toString(), { logKeys }))) passed.push(at);
      if (passes(() => verifyReceipt(utf8.decode(other), strangersKey))) passed.push(at);
    }
    expect(passed).toEqual([]);
  });

  it('is refused by both where the file says something else than the tree', async () => {
    const closing = committed(quotas);
    const leaf = await closing.leafOf(0);
    const [first = Buffer.alloc(48), ...path] = leaf.path;
    const others = {
      'more than there was': { ...leaf, quota: leaf.quota + 1n },
      'of another account': { ...leaf, accountId: accountIdOf(3) },
      'with another salt': { ...leaf, salt: Buffer.alloc(32, 9) },
      'of the other side': { ...leaf, side: 'overdrawn' as const },
      'moved by another entry': { ...leaf, lastIndex: leaf.lastIndex + 1 },
      'moved by what came later': { ...leaf, lastIndex: 500 },
      'at another place': { ...leaf, place: leaf.place + 1 },
      'with a neighbour less': { ...leaf, path },
      'with another sum of a neighbour': {
        ...leaf,
        path: [sumNode(first.subarray(0, 32), sumOf(first) + 1n), ...path],
      },
    };
    for (const other of Object.values(others)) {
      const text = await closing.proofOf(other);
      expect(() => checkBalanceProof(text, { logKeys })).toThrow(BadReceipt);
      expect(passes(() => verifyReceipt(text, strangersKey))).toBe(false);
    }
  });

  it('is not there for an account that was left out', async () => {
    const whole = committed(quotas);
    const { data } = committed(quotas.slice(0, -1));
    const without = committed(quotas, data);
    const text = await without.proofOf(await whole.leafOf(quotas.length - 1));
    expect(() => checkBalanceProof(text, { logKeys })).toThrow('not in what the ledger said');
    expect(passes(() => verifyReceipt(text, strangersKey))).toBe(false);
  });

  it('is refused where the closing counts what came after it', async () => {
    const later = committed(quotas, { entries: 501 });
    const text = await later.proofOf(await later.leafOf(0));
    expect(() => checkBalanceProof(text, { logKeys })).toThrow('later');
    expect(passes(() => verifyReceipt(text, strangersKey))).toBe(false);
  });

  it('is no receipt, and a receipt is none of it', async () => {
    const closing = committed(quotas);
    const text = await closing.proofOf(await closing.leafOf(0));
    expect(() => checkReceipt(text, { logKeys })).toThrow(BadReceipt);
  });
});
