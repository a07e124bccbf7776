import { bundleOf, entriesOf } from './entry-bundle.js';
import { EVENTS_A_TILE } from './tile.js';

/** As many positions of the log as there are entries. */
export const POSITION_BYTES = 8;

/** Entries of a tile's width, or as many as there are. */
export interface Bundle {
  readonly index: number;
  readonly entries: Buffer;
  readonly positions: Buffer;
}

/** The end of a tree's entries, to which others are added. */
export class GrowingBundle {
  private entries: Buffer[] = [];
  private positions: bigint[] = [];
  private changed = false;
  private full: Bundle[] = [];

  private constructor(private index: number) {}

  static empty(): GrowingBundle {
    return new GrowingBundle(0);
  }

  /** One that goes on where a tree of that size ended. */
  static async resume(
    size: number,
    read: (index: number) => Promise<Omit<Bundle, 'index'> | undefined>,
  ): Promise<GrowingBundle> {
    const growing = new GrowingBundle(Math.floor(size / EVENTS_A_TILE));
    const width = size % EVENTS_A_TILE;
    if (width === 0) return growing;
    const kept = await read(growing.index);
    growing.entries = [...entriesOf(kept?.entries ?? Buffer.alloc(0), width)];
    for (let at = 0; at < width; at += 1)
      growing.positions.push(kept?.positions.readBigInt64BE(at * POSITION_BYTES) ?? 0n);
    if (growing.entries.length < width) throw new Error(`the tree lacks entries of bundle ${growing.index}`);
    return growing;
  }

  append(entry: Buffer, position: bigint): void {
    this.entries.push(entry);
    this.positions.push(position);
    this.changed = true;
    if (this.entries.length < EVENTS_A_TILE) return;
    this.full.push(this.written());
    this.index += 1;
    this.entries = [];
    this.positions = [];
    this.changed = false;
  }

  /** The bundles that have grown since the last call. */
  takeGrown(): readonly Bundle[] {
    const grown = this.full;
    this.full = [];
    if (this.changed) grown.push(this.written());
    this.changed = false;
    return grown;
  }

  private written(): Bundle {
    const positions = Buffer.alloc(this.positions.length * POSITION_BYTES);
    this.positions.forEach((position, place) => positions.writeBigInt64BE(position, place * POSITION_BYTES));
    return { index: this.index, entries: bundleOf(this.entries), positions };
  }
}
