import type pg from 'pg';
import { copyInto, copyLine } from '../../postgres/copy.js';
import { rowPages } from '../../postgres/row-pages.js';
import { GrowingTree } from '../growing-tree.js';
import { EVENTS_A_TILE } from '../tile.js';
import type { AccountSalts } from './account-salts.js';
import { accountMark, leafNode, type SumLeaf, SUMS } from './sum-tree.js';
import {
  dropTrees,
  keepTotals,
  SIDES,
  type SideTotal,
  type Totals,
  type TreeName,
  writeLeaves,
  writeNodes,
} from './sum-tables.js';

type Queryable = Pick<pg.ClientBase, 'query'>;

/** What an account had, and the index of what moved it last. */
export interface IndexedBalance {
  readonly accountId: string;
  /** Below zero where it is overdrawn. */
  readonly balance: bigint;
  readonly lastIndex: number;
}

export interface BuildOptions {
  readonly asOf: string;
  /** The first so many of the log count. */
  readonly entries: number;
  readonly salts: AccountSalts;
  /** Of all accounts that were ever moved, in any order. */
  readonly balances: AsyncIterable<readonly IndexedBalance[]>;
}

/**
 * Makes both trees of a closing within the caller's transaction, in memory that does not grow with the accounts: they are sorted by their
 * marks where the tables are.
 */
export async function buildTrees(tx: Queryable, options: BuildOptions): Promise<Totals> {
  const { asOf, entries } = options;
  await tx.query('SET LOCAL statement_timeout = 0');
  await tx.query('SET LOCAL idle_in_transaction_session_timeout = 0');
  await dropTrees(tx, [asOf]);
  await tx.query(
    `CREATE TEMP TABLE liability_staged (side text COLLATE "C", mark bytea, quota bigint, last_index bigint) ON COMMIT DROP`,
  );
  for await (const page of options.balances)
    await copyInto(tx, 'liability_staged', page.map((each) => stagedLine(each, options)).join(''));
  const totals: Partial<Record<TreeName['side'], SideTotal>> = {};
  for (const side of SIDES) {
    const total = await buildSide(tx, { asOf, side });
    await keepTotals(tx, { asOf, side }, entries, total);
    totals[side] = total;
  }
  await tx.query('DROP TABLE liability_staged');
  return totals as Totals;
}

function stagedLine(
  { accountId, balance, lastIndex }: IndexedBalance,
  { asOf, salts }: BuildOptions,
): string {
  const mark = accountMark(salts(asOf, accountId), accountId);
  const isOverdrawn = balance < 0n;
  const quota = isOverdrawn ? -balance : balance;
  return copyLine([isOverdrawn ? 'overdrawn' : 'owed', `\\x${mark.toString('hex')}`, quota, lastIndex]);
}

interface StagedRow {
  readonly mark: Buffer;
  readonly quota: bigint;
  readonly last_index: bigint;
}

async function buildSide(tx: Queryable, name: TreeName): Promise<SideTotal> {
  const tree = GrowingTree.empty(SUMS);
  let leaves: SumLeaf[] = [];
  let index = 0;
  const sorted = `SELECT mark, quota, last_index FROM liability_staged WHERE side = '${name.side}' ORDER BY mark`;
  for await (const rows of rowPages<StagedRow>(tx, 'liability_marks', sorted)) {
    for (const { mark, quota, last_index: lastIndex } of rows) {
      const leaf = { mark, quota, lastIndex: Number(lastIndex) };
      tree.append(leafNode(leaf));
      leaves.push(leaf);
    }
    const full = Math.floor(leaves.length / EVENTS_A_TILE);
    await writeLeaves(tx, name, bundlesOf(leaves.slice(0, full * EVENTS_A_TILE), index));
    await writeNodes(tx, name, tree.takeGrown());
    leaves = leaves.slice(full * EVENTS_A_TILE);
    index += full;
  }
  await writeLeaves(tx, name, bundlesOf(leaves, index));
  return { root: tree.root(), accounts: tree.size };
}

function bundlesOf(leaves: readonly SumLeaf[], first: number) {
  return Array.from({ length: Math.ceil(leaves.length / EVENTS_A_TILE) }, (_, place) => ({
    index: first + place,
    leaves: leaves.slice(place * EVENTS_A_TILE, (place + 1) * EVENTS_A_TILE),
  }));
}
