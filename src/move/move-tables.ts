import type pg from 'pg';
import { type BooksDigest, digestBooks } from '../books/digest/digest-books.js';
import { asLedgerReads } from '../commands/ledger/own-events.js';
import type { AppliedEvent } from '../eventstore/applied-event.js';
import type { EventStore } from '../eventstore/event-store.js';
import type { Seals } from '../eventstore/seals.js';
import type { PlaceMap } from '../eventstore/place-map.js';
import { withTransaction } from '../postgres/pool.js';
import { allProjections } from '../projections/all-projections.js';
import { catchUpTables } from '../projections/runtime/catch-up.js';
import { rebuildAll } from '../projections/runtime/rebuild.js';
import { carryOver } from '../reactions/following/carry-over.js';
import { setBack } from '../reactions/following/places.js';

/** The tables have all that the closed log has. */
export async function catchUp({
  pool,
  timezone,
  source,
  seals,
}: {
  readonly pool: pg.Pool;
  readonly timezone: string;
  readonly source: { readonly store: EventStore };
  readonly seals?: Seals | undefined;
}): Promise<void> {
  const projections = allProjections(timezone);
  const store = await asLedgerReads(source.store, seals);
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
  seals,
}: {
  readonly pool: pg.Pool;
  readonly timezone: string;
  readonly store: EventStore;
  readonly last: AppliedEvent | undefined;
  readonly seals: Seals | undefined;
}): Promise<BooksDigest> {
  const projections = allProjections(timezone);
  const head = await store.head();
  await pool.query(
    `UPDATE projection_checkpoints
     SET position = $1, event_position = $2, event_stream = $3, event_revision = $4, event_id = $5 WHERE slot = 'live'`,
    [head, last?.position, last?.stream, last?.revision, last?.id],
  );
  // Places count in the digests of a rebuild, and are others here: those below are compared by the caller.
  const logged = await asLedgerReads(store, seals);
  await rebuildAll(projections, { pool, store: logged, accept: true, compare: false });
  return digestBooks(pool);
}

/**
 * What was kept of places is of places in the new log from now on, all at once, and with what is done `along`. Who is still at work with the
 * former log writes down none after that.
 */
export async function settlePlaces(
  pool: pg.Pool,
  {
    store,
    places,
    generation,
  }: { readonly store: EventStore; readonly places: PlaceMap; readonly generation: number },
  along: (tx: pg.ClientBase) => Promise<void>,
): Promise<void> {
  await withTransaction(pool, async (tx) => {
    await carryOver(tx, places, generation);
    // What was looked at last may be the word that the log was closed, which is in no copy.
    await setBack(tx, store, generation);
    // A new cached balance is told from where the tables are.
    await tx.query('DELETE FROM projection_cache_feed');
    await along(tx);
  });
}
