import type pg from 'pg';
import type { AppliedEvent } from '../eventstore/applied-event.js';
import { bytesArray } from '../postgres/binary-array.js';
import { type Bundle, POSITION_BYTES } from './growing-bundle.js';
import type { GrownTile, ReadTile } from './growing-tree.js';
import { HASH_BYTES } from './hashing.js';
import { EVENTS_A_TILE } from './tile.js';

type Queryable = Pick<pg.ClientBase, 'query'>;

/** How far the tree in the tables is. */
export interface TreePlace {
  readonly size: number;
  /** All of the log up to it has been looked at. */
  readonly position: bigint;
  readonly lastEvent: AppliedEvent | undefined;
}

export const BEFORE_ALL: TreePlace = { size: 0, position: -1n, lastEvent: undefined };

interface Row {
  readonly size: bigint;
  readonly position: bigint;
  readonly event_position: bigint | null;
  readonly event_stream: string | null;
  readonly event_revision: bigint | null;
  readonly event_id: string | null;
}

export async function readTreePlace(db: Queryable): Promise<TreePlace> {
  const { rows } = await db.query<Row>('SELECT * FROM transparency_tree');
  const [row] = rows;
  if (!row) return BEFORE_ALL;
  const { event_id: id, event_stream: stream, event_revision: revision, event_position: position } = row;
  const isWhole = id !== null && stream !== null && revision !== null && position !== null;
  return {
    size: Number(row.size),
    position: row.position,
    lastEvent: isWhole ? { id, stream, revision, position } : undefined,
  };
}

/** Moves the tree on; false, and nothing moved, where another process has done so meanwhile. */
export async function moveTree(db: Queryable, from: TreePlace, to: TreePlace): Promise<boolean> {
  const { id, stream, revision, position } = to.lastEvent ?? {};
  const { rowCount } = await db.query(
    `UPDATE transparency_tree
     SET size = $3, position = $4, event_position = $5, event_stream = $6, event_revision = $7, event_id = $8
     WHERE size = $1 AND position = $2`,
    [
      from.size,
      from.position,
      to.size,
      to.position,
      position ?? null,
      stream ?? null,
      revision ?? null,
      id ?? null,
    ],
  );
  return rowCount === 1;
}

/** A tile as wide as it is asked for. @throws Error where it is not there */
export const tileReader =
  (db: Queryable): ReadTile =>
  async (level, index, width) => {
    const { rows } = await db.query<{ hashes: Buffer }>(
      'SELECT hashes FROM transparency_tiles WHERE level = $1 AND n = $2',
      [level, index],
    );
    const hashes = rows[0]?.hashes;
    if (!hashes || hashes.length < width * HASH_BYTES)
      throw new Error(`the tree has no tile ${index} of level ${level} with ${width} hashes`);
    return hashes.subarray(0, width * HASH_BYTES);
  };

export async function writeTiles(db: Queryable, tiles: readonly GrownTile[]): Promise<void> {
  await db.query(
    `INSERT INTO transparency_tiles (level, n, hashes)
     SELECT * FROM unnest($1::smallint[], $2::bigint[], $3::bytea[])
     ON CONFLICT (level, n) DO UPDATE SET hashes = excluded.hashes`,
    [
      tiles.map(({ level }) => level),
      tiles.map(({ index }) => index),
      bytesArray(tiles.map(({ hashes }) => hashes)),
    ],
  );
}

export async function writeBundles(db: Queryable, bundles: readonly Bundle[]): Promise<void> {
  await db.query(
    `INSERT INTO transparency_bundles (n, first_position, positions, entries)
     SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bytea[], $4::bytea[])
     ON CONFLICT (n) DO UPDATE SET positions = excluded.positions, entries = excluded.entries`,
    [
      bundles.map(({ index }) => index),
      bundles.map(({ positions }) => positions.readBigInt64BE(0)),
      bytesArray(bundles.map(({ positions }) => positions)),
      bytesArray(bundles.map(({ entries }) => entries)),
    ],
  );
}

export async function readBundle(db: Queryable, index: number): Promise<Omit<Bundle, 'index'> | undefined> {
  const { rows } = await db.query<Omit<Bundle, 'index'>>(
    'SELECT positions, entries FROM transparency_bundles WHERE n = $1',
    [index],
  );
  return rows[0];
}

/** The index of the entry of the event at a position of the log; undefined where the tree has none. */
export async function indexAt(db: Queryable, position: bigint): Promise<number | undefined> {
  const { rows } = await db.query<{ n: bigint; positions: Buffer }>(
    `SELECT n, positions FROM transparency_bundles WHERE first_position <= $1 ORDER BY first_position DESC LIMIT 1`,
    [position],
  );
  const [row] = rows;
  if (!row) return undefined;
  for (let at = 0; at < row.positions.length; at += POSITION_BYTES)
    if (row.positions.readBigInt64BE(at) === position)
      return Number(row.n) * EVENTS_A_TILE + at / POSITION_BYTES;
  return undefined;
}

/** Throws the tree away, so that it is made of the log again. */
export async function clearTree(db: Queryable): Promise<void> {
  await db.query('DELETE FROM transparency_tiles');
  await db.query('DELETE FROM transparency_bundles');
  await db.query('DELETE FROM transparency_tree');
  await db.query('INSERT INTO transparency_tree (size, position) VALUES (0, -1)');
}
