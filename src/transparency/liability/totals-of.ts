import { GrowingTree } from '../growing-tree.js';
import type { AccountSalts } from './account-salts.js';
import type { IndexedBalance } from './build-trees.js';
import { accountMark, leafNode, SUMS } from './sum-tree.js';
import type { SideTotal, Totals } from './sum-tables.js';

/** What both trees of these balances come to, without tables: in memory, which grows with the accounts. */
export function totalsOf(asOf: string, salts: AccountSalts, balances: Iterable<IndexedBalance>): Totals {
  const marked = [...balances].map((each) => ({
    ...each,
    mark: accountMark(salts(asOf, each.accountId), each.accountId),
  }));
  marked.sort((one, other) => one.mark.compare(other.mark));
  const total = (isOverdrawn: boolean): SideTotal => {
    const tree = GrowingTree.empty(SUMS);
    for (const { mark, balance, lastIndex } of marked)
      if (balance < 0n === isOverdrawn)
        tree.append(leafNode({ mark, quota: isOverdrawn ? -balance : balance, lastIndex }));
    return { root: tree.root(), accounts: tree.size };
  };
  return { owed: total(false), overdrawn: total(true) };
}
