import type pg from 'pg';
import type { EventStore } from '../../eventstore/event-store.js';
import { withTransaction } from '../../postgres/pool.js';
import { readCheckpoints } from './checkpoints.js';
import type { TableDigest } from './digest.js';
import { WrongLog } from './faults.js';
import { checkLog, createIndexes, createTables } from './install.js';
import type { Projection } from './projection.js';
import { compareSlots } from './rebuild-compare.js';
import { followLive } from './rebuild-follow.js';
import { dropNext, swapSlots } from './rebuild-swap.js';
import type { RebuildProgress } from './status.js';

export interface RebuildOptions {
  /** At least four connections are needed at once. */
  readonly pool: pg.Pool;
  readonly store: EventStore;
  readonly onProgress?: (progress: RebuildProgress) => void;
  /** Swap although the digests differ. Tables of another version are swapped in any case. */
  readonly accept?: boolean;
  /** Default: swap. Otherwise compare, and throw the new tables away. */
  readonly swap?: boolean;
}

export interface RebuildResult {
  readonly projection: string;
  /** Both sets of tables were compared at this position. */
  readonly position: bigint;
  readonly events: number;
  readonly tables: readonly { readonly live: TableDigest; readonly next: TableDigest }[];
  /** Undefined where the live tables are of another version and cannot be compared. */
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
  const guard = await options.pool.connect();
  let broken: Error | undefined;
  try {
    const { rows } = await guard.query<{ locked: boolean }>(
      `SELECT pg_try_advisory_lock(${LOCK}) AS locked`,
      [projection.name],
    );
    if (!rows[0]?.locked) throw new RebuildUnderWay(`${projection.name} is being rebuilt by another program`);
    return await rebuildAlone(projection, options);
  } finally {
    await guard
      .query(`SELECT pg_advisory_unlock(${LOCK})`, [projection.name])
      .catch((error: Error) => (broken = error));
    guard.release(broken);
  }
}

async function rebuildAlone(projection: Projection, options: RebuildOptions): Promise<RebuildResult> {
  const { pool } = options;
  await prepareNext(projection, options);
  const events = await followLive(projection, options);
  await withTransaction(pool, (tx) => createIndexes(tx, projection, 'next'));
  const compared = await compareSlots(projection, options);
  const swapped = options.swap !== false && (compared.equal !== false || options.accept === true);
  if (swapped) {
    await followLive(projection, options);
    await swapSlots(projection, options);
  } else if (options.swap === false) {
    await withTransaction(pool, (tx) => dropNext(tx, projection));
  }
  return { projection: projection.name, events, ...compared, swapped };
}

/** Fresh tables, unless those of an unfinished rebuild of this version from this log are there. */
async function prepareNext(projection: Projection, { pool, store }: RebuildOptions): Promise<void> {
  const [unfinished] = await readCheckpoints(pool, [projection.name], 'next');
  if (unfinished?.version === projection.version) {
    try {
      return await checkLog(store, [unfinished]);
    } catch (error) {
      if (!(error instanceof WrongLog)) throw error;
    }
  }
  await withTransaction(pool, async (tx) => {
    await dropNext(tx, projection);
    await createTables(tx, projection, 'next');
  });
}
