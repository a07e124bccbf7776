import type pg from 'pg';
import { entriesOf } from '../entry-bundle.js';
import { POSITION_BYTES } from '../growing-bundle.js';
import { EVENTS_A_TILE } from '../tile.js';
import { readBundle } from '../tree-tables.js';

type Queryable = Pick<pg.ClientBase, 'query'>;

/** Where an entry's event is in the log. @throws Error for one that the tree does not have */
export async function positionOfEntry(db: Queryable, index: number): Promise<bigint> {
  const bundle = await readBundle(db, Math.floor(index / EVENTS_A_TILE));
  const at = (index % EVENTS_A_TILE) * POSITION_BYTES;
  if (!bundle || at >= bundle.positions.length) throw new Error(`the tree has no entry ${index}`);
  return bundle.positions.readBigInt64BE(at);
}

/** How many of the first `size` entries come before the first that was recorded after an instant. */
export async function entriesUntil(db: Queryable, size: number, instant: Date): Promise<number> {
  let [from, to] = [0, Math.ceil(size / EVENTS_A_TILE)];
  // The last bundle that begins in time.
  while (to - from > 1) {
    const middle = Math.floor((from + to) / 2);
    const [first] = await timesOf(db, middle);
    if (first !== undefined && first <= instant.getTime()) from = middle;
    else to = middle;
  }
  const times = await timesOf(db, from);
  const later = times.findIndex((time) => time > instant.getTime());
  return Math.min(size, from * EVENTS_A_TILE + (later < 0 ? times.length : later));
}

/** When the event of each entry of a bundle was recorded: an entry's fourth line says so. */
async function timesOf(db: Queryable, bundle: number): Promise<readonly number[]> {
  const kept = await readBundle(db, bundle);
  return entriesOf(kept?.entries ?? Buffer.alloc(0)).map((entry) =>
    Date.parse(entry.toString().split('\n')[3] ?? ''),
  );
}

const BUNDLES_A_LOOK = 16;

/** Finds indexes of positions that are asked for in the order of the log, and so reads each bundle once at most. */
export class IndexWalk {
  private bundles: readonly { readonly n: bigint; readonly positions: Buffer }[] = [];

  constructor(private readonly db: Queryable) {}

  /** @throws Error for a position at which no entry's event is */
  async indexOf(position: bigint): Promise<number> {
    let bundle = this.find(position);
    if (!bundle) {
      const { rows } = await this.db.query<{ n: bigint; positions: Buffer }>(
        `SELECT n, positions FROM transparency_bundles
         WHERE n >= (SELECT n FROM transparency_bundles WHERE first_position <= $1 ORDER BY first_position DESC LIMIT 1)
         ORDER BY n LIMIT ${BUNDLES_A_LOOK}`,
        [position],
      );
      this.bundles = rows;
      bundle = this.find(position);
    }
    const place = bundle ? placeOf(bundle.positions, position) : undefined;
    if (!bundle || place === undefined) throw new Error(`no entry of the tree is of position ${position}`);
    return Number(bundle.n) * EVENTS_A_TILE + place;
  }

  private find(position: bigint) {
    return this.bundles.find(
      ({ positions }) =>
        positions.readBigInt64BE(0) <= position &&
        position <= positions.readBigInt64BE(positions.length - POSITION_BYTES),
    );
  }
}

function placeOf(positions: Buffer, position: bigint): number | undefined {
  let [from, to] = [0, positions.length / POSITION_BYTES - 1];
  while (from < to) {
    const middle = Math.floor((from + to) / 2);
    if (positions.readBigInt64BE(middle * POSITION_BYTES) < position) from = middle + 1;
    else to = middle;
  }
  return positions.readBigInt64BE(from * POSITION_BYTES) === position ? from : undefined;
}
