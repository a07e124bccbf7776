import type pg from 'pg';
import { GrowingTree } from '../growing-tree.js';
import { EVENTS_A_TILE } from '../tile.js';
import { keptLeaves, SIDES, type SideTotal, type Totals, type TreeName } from './sum-tables.js';
import { leafNode, SUM_NODE_BYTES, type SumLeaf, SUMS } from './sum-tree.js';

type Queryable = Pick<pg.ClientBase, 'query'>;

/**
 * Hashes both trees of a closing once more, from their leaves up, in memory that does not grow with the accounts.
 * @param totals what they come to, by who knows it elsewhere
 * @returns what is first not as it was made; undefined where all is
 */
export async function faultInTrees(db: Queryable, asOf: string, totals: Totals): Promise<string | undefined> {
  for (const side of SIDES) {
    const fault = await faultInTree(db, { asOf, side }, totals[side]);
    if (fault !== undefined) return `${fault} of what is ${side}`;
  }
  return undefined;
}

async function faultInTree(
  db: Queryable,
  name: TreeName,
  { root, accounts }: SideTotal,
): Promise<string | undefined> {
  const tree = GrowingTree.empty(SUMS);
  for await (const { n, firstMark, leaves } of keptLeaves(db, name)) {
    if (n * EVENTS_A_TILE !== tree.size || !isBundle(firstMark, leaves)) return `bundle ${n} of the leaves`;
    for (const leaf of leaves) tree.append(leafNode(leaf));
    const fault = await faultInNodes(db, name, tree);
    if (fault !== undefined) return fault;
  }
  if (tree.size !== accounts || !tree.root().equals(root)) return 'the sum over the leaves';
  return (await keptBytes(db, name)) === nodesAbove(accounts) * SUM_NODE_BYTES
    ? undefined
    : 'the number of nodes';
}

const isBundle = (firstMark: Buffer, leaves: readonly SumLeaf[]): boolean =>
  leaves.length <= EVENTS_A_TILE && leaves[0]?.mark.equals(firstMark) === true;

/** What has grown now stands in the tables, which have all that came later too. */
async function faultInNodes(
  db: Queryable,
  { asOf, side }: TreeName,
  tree: GrowingTree,
): Promise<string | undefined> {
  for (const { level, index, hashes } of tree.takeGrown()) {
    if (level === 0) continue;
    const { rows } = await db.query<{ nodes: Buffer }>(
      'SELECT nodes FROM liability_tiles WHERE as_of = $1 AND side = $2 AND level = $3 AND n = $4',
      [asOf, side, level, index],
    );
    if (!rows[0]?.nodes.subarray(0, hashes.length).equals(hashes)) return `tile ${index} of level ${level}`;
  }
  return undefined;
}

async function keptBytes(db: Queryable, { asOf, side }: TreeName): Promise<number> {
  const { rows } = await db.query<{ bytes: bigint }>(
    'SELECT coalesce(sum(octet_length(nodes)), 0)::bigint AS bytes FROM liability_tiles WHERE as_of = $1 AND side = $2',
    [asOf, side],
  );
  return Number(rows[0]?.bytes ?? 0);
}

/** Of all levels above the leaves. */
function nodesAbove(accounts: number): number {
  const width = Math.floor(accounts / EVENTS_A_TILE);
  return width === 0 ? 0 : width + nodesAbove(width);
}
