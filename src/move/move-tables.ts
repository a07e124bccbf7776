import type pg from 'pg';
import { type BooksDigest, digestBooks } from '../books/digest/digest-books.js';
import { asLedgerReads } from '../commands/ledger/own-events.js';
import type { AppliedEvent } from '../eventstore/applied-event.js';
import { BEFORE_FIRST, type EventStore } from '../eventstore/event-store.js';
import { withTransaction } from '../postgres/pool.js';
import { allProjections } from '../projections/all-projections.js';
import { catchUpTables } from '../projections/runtime/catch-up.js';
import { rebuildAll } from '../projections/runtime/rebuild.js';
import { carryOver, readAllPlaces } from '../reactions/following/carry-over.js';

/** The tables have all that the closed log has. */
export async function catchUp({
  pool,
  timezone,
  source,
}: {
  readonly pool: pg.Pool;
  readonly timezone: string;
  readonly source: { readonly store: EventStore };
}): Promise<void> {
  const projections = allProjections(timezone);
  const store = await asLedgerReads(source.store);
  await catchUpTables(pool, store, 'ledger', projections);
  await catchUpTables(pool, store, 'statistics', projections);
}

/**
 * Makes every read model anew, of the copy, and answers its digests. May be done again at will.
 * @param last the last event of the copy: the tables that are there are said to be of that, which they are
 */
export async function tablesOfTarget({
  pool,
  timezone,
  store,
  last,
}: {
  readonly pool: pg.Pool;
  readonly timezone: string;
  readonly store: EventStore;
  readonly last: AppliedEvent | undefined;
}): Promise<BooksDigest> {
  const projections = allProjections(timezone);
  const head = await store.head();
  await pool.query(
    `UPDATE projection_checkpoints
     SET position = $1, event_position = $2, event_stream = $3, event_revision = $4, event_id = $5 WHERE slot = 'live'`,
    [head, last?.position, last?.stream, last?.revision, last?.id],
  );
  // Places count in the digests of a rebuild, and are others here.
  await rebuildAll(projections, { pool, store: await asLedgerReads(store), accept: true });
  return digestBooks(pool);
}

/** The places of the old log that something goes on from. */
export const readPlaces = (pool: pg.Pool): Promise<readonly bigint[]> => readAllPlaces(pool);

/** From now on they are places of the new log, all at once, and with what is done `along`. */
export async function settlePlaces(
  pool: pg.Pool,
  places: ReadonlyMap<bigint, AppliedEvent | undefined>,
  along: (tx: pg.ClientBase) => Promise<void>,
): Promise<void> {
  await withTransaction(pool, async (tx) => {
    await carryOver(tx, (position) => places.get(position) ?? { position: BEFORE_FIRST });
    // A new cached balance is told from where the tables are.
    await tx.query('DELETE FROM projection_cache_feed');
    await along(tx);
  });
}
