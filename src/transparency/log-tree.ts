import { setImmediate as nextTurn } from 'node:timers/promises';
import type pg from 'pg';
import type { AppliedEvent } from '../eventstore/applied-event.js';
import type { EventStore, RecordedEvent } from '../eventstore/event-store.js';
import { readLog } from '../eventstore/read-log.js';
import { withTransaction } from '../postgres/pool.js';
import { type Bundle, GrowingBundle } from './growing-bundle.js';
import { type GrownTile, GrowingTree } from './growing-tree.js';
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

/** Whole tiles: else one of each page were written twice. */
const EVENTS_A_PAGE = 8 * EVENTS_A_TILE;

/** Whether an event has an entry: all of ours, also one that a person had the tables pass over. */
export const hasEntry = (
  { passedOver, stream }: Pick<RecordedEvent, 'passedOver' | 'stream'>,
  isOfLogAlone: LogTreeOptions['isOfLogAlone'],
): boolean => passedOver !== 'foreign' && !isOfLogAlone(stream);

interface Edge {
  readonly tree: GrowingTree;
  readonly bundle: GrowingBundle;
  /** Where the tables are, or will be when what is under way has been written. */
  place: TreePlace;
}

/** What a page of the log has added. */
interface Growth {
  readonly from: TreePlace;
  readonly to: TreePlace;
  readonly tiles: readonly GrownTile[];
  readonly bundles: readonly Bundle[];
}

/** Keeps the tree of the log in the tables: each event once, whatever process dies at it. */
export class LogTree {
  private edge: Edge | undefined;

  constructor(private readonly options: LogTreeOptions) {}

  /**
   * Brings the tree to the end of the log, a page at a time, of which one is hashed while the one before it is written.
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
    let writing: Promise<void> | undefined;
    try {
      const { store, eventsAPage = EVENTS_A_PAGE } = this.options;
      for await (const page of readLog(store, {
        after: edge.place.position,
        eventsAPage,
        withPassedOver: true,
      })) {
        if (page.position === edge.place.position) continue;
        const growth = await this.grow(edge, page.events, page.position);
        await writing;
        writing = this.write(growth);
        // Whoever waits for it hears of it; the log may fail first.
        writing.catch(() => undefined);
        if (signal?.aborted) break;
      }
      await writing;
      return { size: edge.tree.size, root: edge.tree.root() };
    } catch (error) {
      // What is in memory may be further than the tables, or behind them.
      this.edge = undefined;
      await writing?.catch(() => undefined);
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

  /** A tile at a time, so that what is written meanwhile, and everybody else, has a turn. */
  private async grow(edge: Edge, events: readonly RecordedEvent[], position: bigint): Promise<Growth> {
    const { leaves, isOfLogAlone } = this.options;
    const from = edge.place;
    let lastEvent: AppliedEvent | undefined = from.lastEvent;
    for (const [index, event] of events.entries()) {
      if (index > 0 && index % EVENTS_A_TILE === 0) await nextTurn();
      if (!hasEntry(event, isOfLogAlone)) continue;
      const entry = leaves.entryOf(event);
      edge.tree.append(hashLeaf(entry));
      edge.bundle.append(entry, event.position);
      lastEvent = event;
    }
    edge.place = { size: edge.tree.size, position, lastEvent: lastEvent && placeOf(lastEvent) };
    return { from, to: edge.place, tiles: edge.tree.takeGrown(), bundles: edge.bundle.takeGrown() };
  }

  private async write({ from, to, tiles, bundles }: Growth): Promise<void> {
    await withTransaction(this.options.pool, async (tx) => {
      // A crash of the server takes it away with its place, and the log gives it back. A checkpoint that is signed later makes it durable.
      await tx.query('SET LOCAL synchronous_commit = off');
      if (!(await moveTree(tx, from, to))) throw new MovedByOthers();
      if (tiles.length > 0) await writeTiles(tx, tiles);
      if (bundles.length > 0) await writeBundles(tx, bundles);
    });
  }
}

const placeOf = ({ id, stream, revision, position }: AppliedEvent): AppliedEvent => ({
  id,
  stream,
  revision,
  position,
});

/** Another process is at the same work: what was added is thrown away, and read anew. */
export class MovedByOthers extends Error {
  override readonly name = 'MovedByOthers';
  constructor() {
    super('another process has moved the tree of the log');
  }
}
