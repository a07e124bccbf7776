import { describe, expect, it } from '@jest/globals';
import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  type BudgetKey,
  type BudgetSnapshot,
  CacheUnavailable,
} from '../../../src/balance/cached-balance.js';
import { InProcessCachedBalance } from '../../../src/balance/in-process/in-process-cached-balance.js';
import { createBudgetLoader, holdOrLoad } from '../../../src/projections/balance/load.js';
import { newAccount, requestOf, snapshotOf } from '../../support/cached-balance-contract/subject.js';

/** A reader that answers 100 quota for every budget, and notes what it was asked. */
function reader(answer: (budget: BudgetKey) => BudgetSnapshot | undefined = (key) => snapshotOf(key, 100n)) {
  const asked: (readonly BudgetKey[])[] = [];
  const read = async (budgets: readonly BudgetKey[]) => {
    asked.push(budgets);
    await nextTurn();
    return budgets.flatMap((budget) => answer(budget) ?? []);
  };
  return { asked, read };
}

describe('budget loader', () => {
  it('reads what misses in the same moment at once, and each budget once', async () => {
    const cache = new InProcessCachedBalance({});
    const { asked, read } = reader();
    const loader = createBudgetLoader({ cache, read });
    const [a, b] = [newAccount(), newAccount()];
    const outcomes = await Promise.all(
      [a, b, a, a].map((account) => holdOrLoad(cache, loader, requestOf([account], 40n))),
    );
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['held', 'held', 'held', 'insufficient']);
    expect(asked).toEqual([[a, b]]);
  });

  it('starts a new read for who asks while one is under way', async () => {
    const cache = new InProcessCachedBalance({});
    const { asked, read } = reader();
    const loader = createBudgetLoader({ cache, read });
    const account = newAccount();
    const first = loader.load([account]);
    while (asked.length === 0) await nextTurn();
    await Promise.all([first, loader.load([account])]);
    expect(asked).toEqual([[account], [account]]);
  });

  it('bounds a read, and the reads keep their order', async () => {
    const cache = new InProcessCachedBalance({});
    const { asked, read } = reader();
    const accounts = Array.from({ length: 1_200 }, newAccount);
    await createBudgetLoader({ cache, read }).load(accounts);
    expect(asked.map(({ length }) => length)).toEqual([500, 500, 200]);
    expect(await cache.view(accounts[1_199] as BudgetKey)).toMatchObject({ balance: 100n });
  });

  it('says that a budget does not exist, after a bounded number of reads', async () => {
    const cache = new InProcessCachedBalance({});
    const { asked, read } = reader(() => undefined);
    const account = newAccount();
    const outcome = await holdOrLoad(cache, createBudgetLoader({ cache, read }), requestOf([account], 1n));
    expect(outcome).toEqual({ outcome: 'missing', budgets: [account] });
    expect(asked).toHaveLength(3);
  });

  it('reads again when a newer balance was applied meanwhile', async () => {
    const cache = new InProcessCachedBalance({});
    const account = newAccount();
    const apply = {
      position: 20n,
      balances: [{ budget: account, balance: 30n, position: 20n }],
      resolvedHolds: [],
    };
    let reads = 0;
    const loader = createBudgetLoader({
      cache,
      read: async () => {
        reads += 1;
        if (reads > 1) return [snapshotOf(account, 30n, 20n)];
        await cache.apply(apply);
        return [snapshotOf(account, 100n, 10n)];
      },
    });
    expect(await holdOrLoad(cache, loader, requestOf([account], 50n))).toMatchObject({ available: 30n });
    expect(reads).toBe(2);
  });

  it('fails in time when balances cannot be read, and recovers', async () => {
    const cache = new InProcessCachedBalance({});
    const account = newAccount();
    const answers = [
      () => new Promise<never>(() => undefined),
      () => Promise.reject(new Error('connection refused')),
      () => Promise.resolve([snapshotOf(account, 100n)]),
    ];
    const loader = createBudgetLoader({
      cache,
      read: () => (answers.shift() as (typeof answers)[2])(),
      timeoutMs: 50,
    });
    await expect(holdOrLoad(cache, loader, requestOf([account], 1n))).rejects.toThrow(CacheUnavailable);
    await expect(holdOrLoad(cache, loader, requestOf([account], 1n))).rejects.toThrow('could not be read');
    expect(await holdOrLoad(cache, loader, requestOf([account], 1n))).toMatchObject({ outcome: 'held' });
  });
});
