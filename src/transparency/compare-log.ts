import type { EventStore } from '../eventstore/event-store.js';
import { readLog } from '../eventstore/read-log.js';
import { GrowingTree, type ReadTile } from './growing-tree.js';
import { hashLeaf } from './hashing.js';
import type { LeafMaker } from './leaf-entry.js';
import { hasEntry, type LogTreeOptions } from './log-tree.js';
import { EVENTS_A_TILE, hashIn } from './tile.js';
import type { TreeHead } from './verify-proofs.js';

/** What the log is beside what was signed of it. */
export type Comparison =
  | { readonly kind: 'agrees'; readonly size: number }
  /** It ends before the last checkpoint: its tail was cut, or it is an older copy. */
  | { readonly kind: 'shorter'; readonly size: number; readonly signed: number }
  /** Something was changed, taken away or put in before the end of that checkpoint. */
  | {
      readonly kind: 'changed';
      readonly signed: number;
      /** The first entry that is not what it was, where the tiles that are kept tell. */
      readonly from: number | undefined;
    };

interface CompareOptions extends Pick<LogTreeOptions, 'isOfLogAlone'> {
  readonly store: Pick<EventStore, 'readAll'>;
  readonly leaves: Pick<LeafMaker, 'entryOf'>;
  /** The smallest first. */
  readonly checkpoints: readonly TreeHead[];
  /** The tiles that are kept, to say where a difference begins. */
  readonly readTile: ReadTile;
  readonly onProgress?: ((entries: number) => void) | undefined;
}

/** Makes the tree of the whole log once more, in memory that does not grow, and holds it against all that was signed. */
export async function compareLog(options: CompareOptions): Promise<Comparison> {
  const { store, leaves, isOfLogAlone, checkpoints, onProgress } = options;
  const tree = GrowingTree.empty();
  const left = [...checkpoints];
  const differences = new FirstDifference(options.readTile, left.at(-1)?.size ?? 0);
  while (left[0]?.size === 0) left.shift();
  for await (const { events } of readLog(store, { after: -1n, withPassedOver: true })) {
    for (const event of events) {
      if (!hasEntry(event, isOfLogAlone)) continue;
      const leaf = hashLeaf(leaves.entryOf(event));
      await differences.look(tree.size, leaf);
      tree.append(leaf);
      const [next] = left;
      if (next?.size !== tree.size) continue;
      if (!next.root.equals(tree.root())) return { kind: 'changed', signed: next.size, from: differences.at };
      left.shift();
    }
    tree.takeGrown();
    onProgress?.(tree.size);
  }
  const [unreached] = left;
  return unreached
    ? { kind: 'shorter', size: tree.size, signed: unreached.size }
    : { kind: 'agrees', size: tree.size };
}

/** Where the leaves of a log are first others than those that are kept. */
class FirstDifference {
  at: number | undefined;
  private tile: Buffer | undefined;

  constructor(
    private readonly read: ReadTile,
    private readonly size: number,
  ) {}

  async look(index: number, leaf: Buffer): Promise<void> {
    if (index >= this.size) return;
    const place = index % EVENTS_A_TILE;
    if (place === 0) {
      const width = Math.min(EVENTS_A_TILE, this.size - index);
      this.tile = await this.read(0, index / EVENTS_A_TILE, width).catch(() => undefined);
    }
    if (this.at === undefined && this.tile && !hashIn(this.tile, place).equals(leaf)) this.at = index;
  }
}

/** For a person. */
export function comparisonText(comparison: Comparison): string {
  switch (comparison.kind) {
    case 'agrees':
      return `the log agrees with every checkpoint that was signed of it; it has ${comparison.size} entries`;
    case 'shorter':
      return `the log has ${comparison.size} entries, and a checkpoint of ${comparison.signed} was signed: its end was cut off, or it is an older copy`;
    case 'changed': {
      const where = comparison.from === undefined ? '' : `, from entry ${comparison.from} on`;
      return `the log is not what the checkpoint of ${comparison.signed} entries was signed of: something was changed, taken away or put in${where}`;
    }
  }
}
