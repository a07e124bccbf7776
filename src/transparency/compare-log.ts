import type { EventStore, RecordedEvent } from '../eventstore/event-store.js';
import { readLog } from '../eventstore/read-log.js';
import { GrowingTree, type ReadTile } from './growing-tree.js';
import { hashLeaf } from './hashing.js';
import type { LeafMaker } from './leaf-entry.js';
import { hasEntry, type LogTreeOptions } from './log-tree.js';
import { THE_DATABASE, type SignedHead } from './signed-heads.js';
import { EVENTS_A_TILE, hashIn } from './tile.js';

/** Where a log is first another one than was signed. */
export interface FirstDifference {
  readonly entry: number;
  /** What stands there now. */
  readonly event: Pick<RecordedEvent, 'position' | 'stream' | 'revision' | 'type'>;
  /** Something behind it is as it was: it was changed where it stands. */
  readonly isInPlace: boolean;
}

/** What the log is beside what was signed of it. */
export type Comparison =
  | { readonly kind: 'agrees'; readonly size: number }
  /** It ends before the last checkpoint: its tail was cut, or it is an older copy. */
  | {
      readonly kind: 'shorter';
      readonly size: number;
      readonly signed: number;
      readonly by: string;
      /** The database has no checkpoint of that either: it is as old. */
      readonly isDatabaseOlder: boolean;
    }
  /** Something was changed, taken away or put in before the end of that checkpoint. */
  | {
      readonly kind: 'changed';
      readonly signed: number;
      readonly by: string;
      /** Where the tiles that are kept tell. */
      readonly from: FirstDifference | undefined;
    };

interface ComparerOptions extends Pick<LogTreeOptions, 'isOfLogAlone'> {
  readonly leaves: Pick<LeafMaker, 'entryOf'>;
  /** The smallest first. */
  readonly heads: readonly SignedHead[];
  /** The tiles that are kept, to say where a difference begins. */
  readonly readTile: ReadTile;
}

/** Makes the tree of a log once more, event by event, in memory that does not grow, and holds it against all that was signed. */
export class LogComparer {
  private readonly tree = GrowingTree.empty();
  private readonly left: SignedHead[];
  private readonly differences: Differences;
  private changed: SignedHead | undefined;

  constructor(private readonly options: ComparerOptions) {
    this.left = options.heads.filter(({ size }) => size > 0);
    this.differences = new Differences(options.readTile, this.left.at(-1)?.size ?? 0);
  }

  get size(): number {
    return this.tree.size;
  }

  /** How many entries the longest checkpoint is of that it is not yet held against; 0 where there is none. */
  get signed(): number {
    return this.left.at(-1)?.size ?? 0;
  }

  /** Whether a difference was found already: what comes after tells only what kind it is of. */
  async add(event: RecordedEvent): Promise<void> {
    if (!hasEntry(event, this.options.isOfLogAlone)) return;
    const leaf = hashLeaf(this.options.leaves.entryOf(event));
    await this.differences.look(this.tree.size, leaf, event);
    this.tree.append(leaf);
    while (this.left[0]?.size === this.tree.size) {
      const next = this.left.shift();
      if (next && !next.root.equals(this.tree.root())) this.changed ??= next;
    }
    if (this.tree.size % EVENTS_A_TILE === 0) this.tree.takeGrown();
  }

  ended(): Comparison {
    const { changed, differences, tree } = this;
    if (changed) return { kind: 'changed', signed: changed.size, by: changed.by, from: differences.first };
    const last = this.left.at(-1);
    if (!last) return { kind: 'agrees', size: tree.size };
    const isDatabaseOlder = this.left.every(({ by }) => by !== THE_DATABASE);
    return { kind: 'shorter', size: tree.size, signed: last.size, by: last.by, isDatabaseOlder };
  }
}

interface CompareOptions extends ComparerOptions {
  readonly store: Pick<EventStore, 'readAll'>;
  readonly onProgress?: ((entries: number) => void) | undefined;
}

/** The same of a log that is read for nothing else. */
export const compareLog = ({ store, onProgress, ...options }: CompareOptions): Promise<Comparison> =>
  runComparison(new LogComparer(options), store, onProgress);

async function runComparison(
  comparer: LogComparer,
  store: CompareOptions['store'],
  onProgress?: CompareOptions['onProgress'],
): Promise<Comparison> {
  for await (const { events } of readLog(store, { after: -1n, withPassedOver: true, evenUnsealed: true })) {
    for (const event of events) await comparer.add(event);
    onProgress?.(comparer.size);
  }
  return comparer.ended();
}

/** What is wrong with a log beside what was signed of it, in words; undefined where nothing is. @param signed a text: why that cannot be known */
export async function faultOf(
  signed: LogComparer | string,
  store: CompareOptions['store'],
  onProgress?: CompareOptions['onProgress'],
): Promise<string | undefined> {
  if (typeof signed === 'string') return signed;
  const comparison = await runComparison(signed, store, onProgress);
  return comparison.kind === 'agrees' ? undefined : comparisonText(comparison);
}

/** Where the leaves of a log are first others than those that are kept. */
class Differences {
  first: FirstDifference | undefined;
  private tile: Buffer | undefined;

  constructor(
    private readonly read: ReadTile,
    private readonly size: number,
  ) {}

  async look(index: number, leaf: Buffer, event: RecordedEvent): Promise<void> {
    if (index >= this.size) return;
    const place = index % EVENTS_A_TILE;
    if (place === 0) {
      const width = Math.min(EVENTS_A_TILE, this.size - index);
      this.tile = await this.read(0, index / EVENTS_A_TILE, width).catch(() => undefined);
    }
    if (!this.tile) return;
    const isSame = hashIn(this.tile, place).equals(leaf);
    if (this.first) {
      if (isSame && !this.first.isInPlace) this.first = { ...this.first, isInPlace: true };
    } else if (!isSame) {
      const { position, stream, revision, type } = event;
      this.first = { entry: index, event: { position, stream, revision, type }, isInPlace: false };
    }
  }
}

/** For a person. */
export function comparisonText(comparison: Comparison): string {
  switch (comparison.kind) {
    case 'agrees':
      return `the log agrees with every checkpoint that was signed of it; it has ${comparison.size} entries`;
    case 'shorter': {
      const { size, signed, by, isDatabaseOlder } = comparison;
      const what = isDatabaseOlder
        ? 'log and tables were put back to an older copy together'
        : 'its end was cut off, or it is an older copy than its tables';
      return `the log has ${size} entries, and ${by} has a checkpoint of ${signed}: ${what}`;
    }
    case 'changed': {
      const { signed, by, from } = comparison;
      const begins = `the log is not what the checkpoint of ${signed} entries was signed of, which ${by} has: `;
      if (!from) return `${begins}something was changed, taken away or put in`;
      const { position, stream, revision, type } = from.event;
      const where = `entry ${from.entry} (now ${type} at position ${position}, revision ${revision} of ${stream})`;
      return from.isInPlace
        ? `${begins}${where} is another one, and what follows is as it was: something was changed where it stands`
        : `${begins}from ${where} on all is another: something was taken away or put in there, or an older copy of the log was put back and went on differently (a fork)`;
    }
  }
}
