import type pg from 'pg';
import { assertApplied } from '../../eventstore/applied-event.js';
import type { EventStore } from '../../eventstore/event-store.js';
import { withTransaction } from '../../postgres/pool.js';
import { readCheckpoints } from './checkpoints.js';
import type { TableDigest } from './digest.js';
import { WrongLog } from '../../eventstore/wrong-log.js';
import { createIndexes, createTables } from './install.js';
import { LANES, Lanes } from './lanes.js';
import type { Projection } from './projection.js';
import { compareSlots } from './rebuild-compare.js';
import { checkpointOf, followLive } from './rebuild-follow.js';
import { dropNext, swapSlots } from './rebuild-swap.js';
import type { RebuildProgress } from './status.js';

export interface RebuildOptions {
  /** At least four connections are needed at once. */
  readonly pool: pg.Pool;
  readonly store: EventStore;
  readonly onProgress?: (progress: RebuildProgress) => void;
  /** The new tables have all that was in the log, and their indexes; what follows is comparing and swapping. */
  readonly onFilled?: () => void;
  /** Of several: as soon as one is done. */
  readonly onResult?: (result: RebuildResult) => void;
  /** Swap although the digests differ, or the live tables are of more than the log has. Tables of another version are swapped in any case. */
  readonly accept?: boolean;
  /** Default: compare. Not so where somebody else does, since the live ones are of another log. Then they are swapped in any case. */
  readonly compare?: boolean;
  /** Default: swap. Otherwise compare, and throw the new tables away. */
  readonly swap?: boolean;
}

export interface RebuildResult {
  readonly projection: string;
  /** Both sets of tables were compared at this position. */
  readonly position: bigint;
  readonly events: number;
  readonly tables: readonly { readonly live: TableDigest; readonly next: TableDigest }[];
  /** Undefined where they were not to be compared, or cannot be: the live tables are of another version, or of more than the log has. */
  readonly equal: boolean | undefined;
  readonly swapped: boolean;
}

/** Another program is rebuilding the same projection. */
export class RebuildUnderWay extends Error {
  override readonly name = 'RebuildUnderWay';
}

const LOCK = `hashtext('counterfoil rebuild'), hashtext($1)`;

/**
 * Builds a projection's tables anew beside the live ones, which go on being read and filled; compares the two at one position and
 * swaps them in one transaction. A rebuild that was killed goes on where it was when it is called again.
 *
 * @throws PoisonEvent, WrongLog, RebuildUnderWay, EventStoreUnavailable; the live tables are as they were
 */
export async function rebuild(projection: Projection, options: RebuildOptions): Promise<RebuildResult> {
  const [result] = await rebuildAll([projection], options);
  if (!result) throw new Error(`nothing is known of the rebuild of ${projection.name}`);
  return result;
}

/** As rebuild, of several at once: the log is read once for all of them. Each is compared and swapped by itself. */
export async function rebuildAll(
  projections: readonly Projection[],
  options: RebuildOptions,
): Promise<readonly RebuildResult[]> {
  const guard = await options.pool.connect();
  let broken: Error | undefined;
  try {
    for (const { name } of projections) {
      const { rows } = await guard.query<{ locked: boolean }>(
        `SELECT pg_try_advisory_lock(${LOCK}) AS locked`,
        [name],
      );
      if (!rows[0]?.locked) throw new RebuildUnderWay(`${name} is being rebuilt by another program`);
    }
    return await rebuildAlone(projections, options);
  } finally {
    // Only rebuilds take such locks on this connection.
    await guard.query('SELECT pg_advisory_unlock_all()').catch((error: Error) => (broken = error));
    guard.release(broken);
  }
}

async function rebuildAlone(
  projections: readonly Projection[],
  options: RebuildOptions,
): Promise<readonly RebuildResult[]> {
  // Tables that were made of another log, or of more of it, are given up only where somebody says so.
  if (options.accept !== true) {
    const names = projections.map(({ name }) => name);
    const checkpoints = await readCheckpoints(options.pool, names, 'live');
    await assertApplied(
      options.store,
      checkpoints.map(({ lastEvent }) => lastEvent),
    );
  }
  for (const projection of projections) await prepareNext(projection, options);
  const events = await fillNext(projections, options);
  options.onFilled?.();
  const results: RebuildResult[] = [];
  for (const projection of projections) {
    const result = await compareAndSwap(projection, events, options);
    options.onResult?.(result);
    results.push(result);
  }
  return results;
}

/** Fills the prepared tables, and then makes the indexes that only readers need. Answers the number of events. */
async function fillNext(projections: readonly Projection[], options: RebuildOptions): Promise<number> {
  const events = await followLive(projections, options);
  await new Lanes<Projection>(LANES).run(projections, (projection) =>
    withTransaction(options.pool, (tx) => createIndexes(tx, projection, 'next')),
  );
  return events;
}

async function compareAndSwap(
  projection: Projection,
  events: number,
  options: RebuildOptions,
): Promise<RebuildResult> {
  const { pool } = options;
  const compared =
    options.compare === false
      ? await uncompared(projection, options)
      : await compareSlots(projection, options);
  const swapped = options.swap !== false && (compared.equal !== false || options.accept === true);
  if (swapped) {
    await followLive([projection], { ...options, onProgress: undefined });
    await swapSlots(projection, options);
  } else if (options.swap === false) {
    await withTransaction(pool, (tx) => dropNext(tx, projection));
  }
  return { projection: projection.name, events, ...compared, swapped };
}

const uncompared = async (projection: Projection, { pool }: RebuildOptions) => ({
  position: (await checkpointOf(pool, projection, 'live')).position,
  tables: [],
  equal: undefined,
});

/** Fresh tables, unless those of an unfinished rebuild of this version from this log are there, and not ahead of the live ones. */
async function prepareNext(projection: Projection, { pool, store }: RebuildOptions): Promise<void> {
  const [unfinished] = await readCheckpoints(pool, [projection.name], 'next');
  const live = await checkpointOf(pool, projection, 'live');
  if (unfinished?.version === projection.version && unfinished.position <= live.position) {
    try {
      return await assertApplied(store, [unfinished.lastEvent]);
    } catch (error) {
      if (!(error instanceof WrongLog)) throw error;
    }
  }
  await withTransaction(pool, async (tx) => {
    await dropNext(tx, projection);
    await createTables(tx, projection, 'next');
  });
}
