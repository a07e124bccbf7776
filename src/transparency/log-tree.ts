import type pg from 'pg';
import type { EventStore, RecordedEvent } from '../eventstore/event-store.js';
import { readLog } from '../eventstore/read-log.js';
import { withTransaction } from '../postgres/pool.js';
import { GrowingBundle } from './growing-bundle.js';
import { GrowingTree } from './growing-tree.js';
import { hashLeaf } from './hashing.js';
import type { LeafMaker } from './leaf-entry.js';
import { EVENTS_A_TILE } from './tile.js';
import {
  clearTree,
  moveTree,
  readBundle,
  readTreePlace,
  tileReader,
  type TreePlace,
  writeBundles,
  writeTiles,
} from './tree-tables.js';

export interface LogTreeOptions {
  readonly pool: pg.Pool;
  readonly store: Pick<EventStore, 'readAll'>;
  readonly leaves: Pick<LeafMaker, 'entryOf'>;
  /** Streams that say something of one log alone, and so are in no copy of it, have no entries. */
  readonly isOfLogAlone: (stream: string) => boolean;
  readonly eventsAPage?: number;
}

/** Few enough that their hashing leaves others a turn, and whole tiles: else one of each page were written twice. */
const EVENTS_A_PAGE = 8 * EVENTS_A_TILE;

/** Whether an event has an entry: all of ours, also one that a person had the tables pass over. */
export const hasEntry = (
  { passedOver, stream }: Pick<RecordedEvent, 'passedOver' | 'stream'>,
  isOfLogAlone: LogTreeOptions['isOfLogAlone'],
): boolean => passedOver !== 'foreign' && !isOfLogAlone(stream);

interface Edge {
  readonly tree: GrowingTree;
  readonly bundle: GrowingBundle;
  place: TreePlace;
}

/** Keeps the tree of the log in the tables: each event once, whatever process dies at it. */
export class LogTree {
  private edge: Edge | undefined;

  constructor(private readonly options: LogTreeOptions) {}

  /**
   * Brings the tree to the end of the log, a page at a time.
   * @param onLoaded asked before anything is added to a tree that was read from the tables; what it rejects with ends this
   * @returns how many entries it has then, and what they come to
   */
  async advance(
    onLoaded: () => Promise<void>,
    signal?: AbortSignal,
  ): Promise<{ readonly size: number; readonly root: Buffer }> {
    // A person may have thrown the tables away, to have them made anew, while nothing comes.
    if (this.edge && !(await this.isKept(this.edge))) this.edge = undefined;
    const edge = (this.edge ??= await this.load(onLoaded));
    try {
      const { store, eventsAPage = EVENTS_A_PAGE } = this.options;
      for await (const page of readLog(store, {
        after: edge.place.position,
        eventsAPage,
        withPassedOver: true,
      })) {
        if (page.position !== edge.place.position) await this.add(edge, page.events, page.position);
        if (signal?.aborted) break;
      }
      return { size: edge.tree.size, root: edge.tree.root() };
    } catch (error) {
      // What is in memory may be further than the tables, or behind them.
      this.edge = undefined;
      throw error;
    }
  }

  /** Throws the tree away, so that the next look makes it anew. */
  async clear(): Promise<void> {
    this.edge = undefined;
    await withTransaction(this.options.pool, (tx) => clearTree(tx));
  }

  private async isKept({ place }: Edge): Promise<boolean> {
    const { size, position } = await readTreePlace(this.options.pool);
    return size === place.size && position === place.position;
  }

  private async load(onLoaded: () => Promise<void>): Promise<Edge> {
    const { pool } = this.options;
    await onLoaded();
    const place = await readTreePlace(pool);
    return {
      place,
      tree: await GrowingTree.resume(place.size, tileReader(pool)),
      bundle: await GrowingBundle.resume(place.size, (index) => readBundle(pool, index)),
    };
  }

  private async add(edge: Edge, events: readonly RecordedEvent[], position: bigint): Promise<void> {
    const { leaves, isOfLogAlone, pool } = this.options;
    let { lastEvent } = edge.place;
    for (const event of events) {
      if (!hasEntry(event, isOfLogAlone)) continue;
      const entry = leaves.entryOf(event);
      edge.tree.append(hashLeaf(entry));
      edge.bundle.append(entry, event.position);
      lastEvent = event;
    }
    const to: TreePlace = { size: edge.tree.size, position, lastEvent };
    const [tiles, bundles] = [edge.tree.takeGrown(), edge.bundle.takeGrown()];
    await withTransaction(pool, async (tx) => {
      // A crash of the server takes it away with its place, and the log gives it back. A checkpoint that is signed later makes it durable.
      await tx.query('SET LOCAL synchronous_commit = off');
      if (!(await moveTree(tx, edge.place, to))) throw new MovedByOthers();
      if (tiles.length > 0) await writeTiles(tx, tiles);
      if (bundles.length > 0) await writeBundles(tx, bundles);
    });
    const { id, stream, revision, position: place } = lastEvent ?? {};
    const isKnown = id !== undefined && stream !== undefined && revision !== undefined && place !== undefined;
    edge.place = { ...to, lastEvent: isKnown ? { id, stream, revision, position: place } : undefined };
  }
}

/** Another process is at the same work: what was added is thrown away, and read anew. */
export class MovedByOthers extends Error {
  override readonly name = 'MovedByOthers';
  constructor() {
    super('another process has moved the tree of the log');
  }
}
