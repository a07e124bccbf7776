import type pg from 'pg';
import { isInPlace } from '../eventstore/applied-event.js';
import type { EventStore } from '../eventstore/event-store.js';
import { GrowingBundle, type Bundle } from './growing-bundle.js';
import type { GrownTile, ReadTile } from './growing-tree.js';
import { HASH_BYTES } from './hashing.js';
import { EVENTS_A_TILE } from './tile.js';
import { indexAt, readBundle, readTreePlace, tileReader } from './tree-tables.js';

/** The tree as it stands in the tables, of which others are shown tiles and entries. */
export interface KeptTree {
  readonly size: number;
  readonly readTile: ReadTile;
  /** Undefined where there is none, or it is not found by the position of its first entry. */
  readonly readBundle: (index: number) => Promise<Omit<Bundle, 'index'> | undefined>;
}

/** Nothing is held against a log that it was not made of: it was moved, and the tree is made anew by who signs next. */
export async function readKeptTree(
  pool: Pick<pg.Pool, 'query'>,
  store: Pick<EventStore, 'readStream'>,
): Promise<KeptTree> {
  const { size, lastEvent } = await readTreePlace(pool);
  const isOfLog = !lastEvent || (await isInPlace(store, lastEvent));
  return {
    size: isOfLog ? size : 0,
    readTile: tileReader(pool),
    readBundle: async (index) => {
      const bundle = await readBundle(pool, index);
      const first = bundle && bundle.positions.length > 0 && bundle.positions.readBigInt64BE(0);
      const isFound = typeof first === 'bigint' && (await indexAt(pool, first)) === index * EVENTS_A_TILE;
      return isFound ? bundle : undefined;
    },
  };
}

/** Holds what is kept against what a log comes to, a bundle of entries at a time. */
export class KeptTreeCheck {
  /** The first entry of what is another. */
  different: number | undefined;
  private readonly bundle = GrowingBundle.empty();

  constructor(private readonly kept: KeptTree) {}

  /** @param size of the tree with this entry @param takeGrown what of it has grown since it was taken last */
  async look(
    { entry, position, size }: { readonly entry: Buffer; readonly position: bigint; readonly size: number },
    takeGrown: () => readonly GrownTile[],
  ): Promise<void> {
    if (size > this.kept.size || this.different !== undefined) return;
    this.bundle.append(entry, position);
    if (size % EVENTS_A_TILE !== 0 && size !== this.kept.size) return;
    const isSame = (await this.hasBundles(this.bundle.takeGrown())) && (await this.hasTiles(takeGrown()));
    if (!isSame) this.different = size - 1 - ((size - 1) % EVENTS_A_TILE);
  }

  private async hasBundles(bundles: readonly Bundle[]): Promise<boolean> {
    for (const { index, entries, positions } of bundles) {
      const shown = await this.kept.readBundle(index);
      if (!shown || !beginsWith(shown.entries, entries) || !beginsWith(shown.positions, positions))
        return false;
    }
    return true;
  }

  private async hasTiles(tiles: readonly GrownTile[]): Promise<boolean> {
    for (const { level, index, hashes } of tiles) {
      const shown = await this.kept.readTile(level, index, hashes.length / HASH_BYTES).catch(() => undefined);
      if (!shown?.equals(hashes)) return false;
    }
    return true;
  }
}

const beginsWith = (whole: Buffer, wanted: Buffer): boolean =>
  whole.subarray(0, wanted.length).equals(wanted);
