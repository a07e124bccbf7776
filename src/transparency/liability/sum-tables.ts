import type pg from 'pg';
import type { GrownTile, ReadTile } from '../growing-tree.js';
import { EVENTS_A_TILE } from '../tile.js';
import { leafNode, SUM_NODE_BYTES, type SumLeaf } from './sum-tree.js';

type Queryable = Pick<pg.ClientBase, 'query'>;

/** What is owed to accounts, and what they owe: two trees, so that neither is taken off the other. */
export const SIDES = ['owed', 'overdrawn'] as const;
export type Side = (typeof SIDES)[number];

/** What a tree comes to. */
export interface SideTotal {
  /** A hash and a sum. */
  readonly root: Buffer;
  readonly accounts: number;
}
export type Totals = Readonly<Record<Side, SideTotal>>;

/** Which tree. */
export interface TreeName {
  /** A day, or an instant. */
  readonly asOf: string;
  readonly side: Side;
}

const TABLES = ['liability_tiles', 'liability_leaves', 'liability_trees'];
const MARK_BYTES = 32;
/** Mark, amount, index. */
const LEAF_BYTES = MARK_BYTES + 8 + 8;

const recordOf = ({ mark, quota, lastIndex }: SumLeaf): Buffer => {
  const figures = Buffer.alloc(LEAF_BYTES - MARK_BYTES);
  figures.writeBigUInt64BE(quota, 0);
  figures.writeBigUInt64BE(BigInt(lastIndex), 8);
  return Buffer.concat([mark, figures]);
};

function leafAt(records: Buffer, place: number): SumLeaf {
  const record = records.subarray(place * LEAF_BYTES, (place + 1) * LEAF_BYTES);
  return {
    mark: record.subarray(0, MARK_BYTES),
    quota: record.readBigUInt64BE(MARK_BYTES),
    lastIndex: Number(record.readBigUInt64BE(MARK_BYTES + 8)),
  };
}

/** Leaves of a tile's width, or as many as are left. */
export async function writeLeaves(
  db: Queryable,
  { asOf, side }: TreeName,
  bundles: readonly { readonly index: number; readonly leaves: readonly SumLeaf[] }[],
): Promise<void> {
  await db.query(
    `INSERT INTO liability_leaves (as_of, side, n, first_mark, leaves)
     SELECT $1, $2, * FROM unnest($3::bigint[], $4::bytea[], $5::bytea[])`,
    [
      asOf,
      side,
      bundles.map(({ index }) => index),
      bundles.map(({ leaves }) => leaves[0]?.mark),
      bundles.map(({ leaves }) => Buffer.concat(leaves.map(recordOf))),
    ],
  );
}

/** Nodes above the leaves, which are made of these themselves. */
export async function writeNodes(
  db: Queryable,
  { asOf, side }: TreeName,
  tiles: readonly GrownTile[],
): Promise<void> {
  const above = tiles.filter(({ level }) => level > 0);
  await db.query(
    `INSERT INTO liability_tiles (as_of, side, level, n, nodes)
     SELECT $1, $2, * FROM unnest($3::smallint[], $4::bigint[], $5::bytea[])
     ON CONFLICT (as_of, side, level, n) DO UPDATE SET nodes = excluded.nodes`,
    [
      asOf,
      side,
      above.map(({ level }) => level),
      above.map(({ index }) => index),
      above.map(({ hashes }) => hashes),
    ],
  );
}

/** @throws Error for a tile that is not there */
export const sumTileReader =
  (db: Queryable, { asOf, side }: TreeName): ReadTile =>
  async (level, index, width) => {
    const { rows } = await db.query<{ bytes: Buffer }>(
      level === 0
        ? 'SELECT leaves AS bytes FROM liability_leaves WHERE as_of = $1 AND side = $2 AND n = $3'
        : `SELECT nodes AS bytes FROM liability_tiles WHERE as_of = $1 AND side = $2 AND n = $3 AND level = ${level}`,
      [asOf, side, index],
    );
    const bytes = rows[0]?.bytes;
    const aNode = level === 0 ? LEAF_BYTES : SUM_NODE_BYTES;
    if (!bytes || bytes.length < width * aNode)
      throw new Error(`the tree of ${asOf} has no tile ${index} of level ${level} with ${width} nodes`);
    if (level > 0) return bytes.subarray(0, width * aNode);
    return Buffer.concat(Array.from({ length: width }, (_, place) => leafNode(leafAt(bytes, place))));
  };

/** The leaf of a mark, and its place among the leaves; undefined where the tree has none. */
export async function findLeaf(
  db: Queryable,
  { asOf, side }: TreeName,
  mark: Buffer,
): Promise<(SumLeaf & { readonly place: number }) | undefined> {
  const { rows } = await db.query<{ n: bigint; leaves: Buffer }>(
    `SELECT n, leaves FROM liability_leaves WHERE as_of = $1 AND side = $2 AND first_mark <= $3
     ORDER BY first_mark DESC LIMIT 1`,
    [asOf, side, mark],
  );
  const [row] = rows;
  for (let place = 0; row && place * LEAF_BYTES < row.leaves.length; place += 1) {
    const leaf = leafAt(row.leaves, place);
    if (leaf.mark.equals(mark)) return { ...leaf, place: Number(row.n) * EVENTS_A_TILE + place };
  }
  return undefined;
}

const BUNDLES_A_LOOK = 64;

/** All leaves of a tree, in bundles of their order. */
export async function* keptLeaves(
  db: Queryable,
  { asOf, side }: TreeName,
): AsyncGenerator<{ readonly n: number; readonly firstMark: Buffer; readonly leaves: readonly SumLeaf[] }> {
  for (let after = -1n; ;) {
    const { rows } = await db.query<{ n: bigint; first_mark: Buffer; leaves: Buffer }>(
      `SELECT n, first_mark, leaves FROM liability_leaves WHERE as_of = $1 AND side = $2 AND n > $3
       ORDER BY n LIMIT ${BUNDLES_A_LOOK}`,
      [asOf, side, after],
    );
    for (const { n, first_mark: firstMark, leaves } of rows) {
      const count = Math.floor(leaves.length / LEAF_BYTES);
      yield {
        ...{ n: Number(n), firstMark },
        leaves: Array.from({ length: count }, (_, place) => leafAt(leaves, place)),
      };
      after = n;
    }
    if (rows.length < BUNDLES_A_LOOK) return;
  }
}

/** What the trees that are kept come to; undefined where they are not. */
export async function keptTotals(
  db: Queryable,
  asOf: string,
): Promise<(Totals & { readonly entries: number }) | undefined> {
  const { rows } = await db.query<{ side: Side; entries: bigint; accounts: bigint; root: Buffer }>(
    'SELECT side, entries, accounts, root FROM liability_trees WHERE as_of = $1',
    [asOf],
  );
  const of = (side: Side) => rows.find((row) => row.side === side);
  const [owed, overdrawn] = [of('owed'), of('overdrawn')];
  if (!owed || owed.entries !== overdrawn?.entries) return undefined;
  const total = ({ root, accounts }: typeof owed): SideTotal => ({ root, accounts: Number(accounts) });
  return { owed: total(owed), overdrawn: total(overdrawn), entries: Number(owed.entries) };
}

export async function keepTotals(
  db: Queryable,
  { asOf, side }: TreeName,
  entries: number,
  { accounts, root }: SideTotal,
): Promise<void> {
  await db.query(
    'INSERT INTO liability_trees (as_of, side, entries, accounts, root) VALUES ($1, $2, $3, $4, $5)',
    [asOf, side, entries, accounts, root],
  );
}

/** All of which something is kept, the newest last. */
export async function keptTrees(db: Queryable): Promise<readonly string[]> {
  const named = TABLES.map((table) => `SELECT as_of FROM ${table}`).join(' UNION ');
  const { rows } = await db.query<{ as_of: string }>(`${named} ORDER BY as_of`);
  return rows.map(({ as_of: asOf }) => asOf);
}

/** They are made of the log again where they are asked for. */
export async function dropTrees(db: Queryable, asOf: readonly string[]): Promise<void> {
  for (const table of TABLES) await db.query(`DELETE FROM ${table} WHERE as_of = ANY($1)`, [asOf]);
}
