import { DateTime } from 'luxon';
import type pg from 'pg';
import { type CommittedLiability, isDay } from '../../domain/liability/state.js';
import type { EventStore } from '../../eventstore/event-store.js';
import { withTransaction } from '../../postgres/pool.js';
import { balancesAt } from '../../projections/journal/balances-at.js';
import { readCheckpoints } from '../../projections/runtime/checkpoints.js';
import type { Queryable } from '../../projections/runtime/projection.js';
import type { AccountSalts } from '../../transparency/liability/account-salts.js';
import { buildTrees, type IndexedBalance } from '../../transparency/liability/build-trees.js';
import { entriesUntil, IndexWalk, positionOfEntry } from '../../transparency/liability/entry-places.js';
import { dropTrees, keptTrees } from '../../transparency/liability/sum-tables.js';
import { readTreePlace } from '../../transparency/tree-tables.js';
import { instantOf } from '../audit/moment.js';
import { BooksDisagree } from '../audit/faults.js';
import {
  commitments,
  committedTotals,
  findCommitment,
  isAsCommitted,
  lastClosedDay,
} from '../closings/commitments.js';
import { faultInKept } from '../closings/kept-trees.js';

export interface ClosingParts {
  readonly pool: pg.Pool;
  readonly store: Pick<EventStore, 'readStream' | 'head'>;
  readonly salts: AccountSalts;
  /** IANA name: days end in it. */
  readonly timeZone: string;
  readonly now: () => Date;
  /** Says it in the log, once of each day. */
  readonly commit: (committed: CommittedLiability) => Promise<void>;
}

/** Any number that nothing else takes. */
const LOCK = 7_246_343;
/** What was recorded within the day may come into the log a little later. */
const DAY_IS_OVER_AFTER = { minutes: 1 };
/** Trees of so many closings are kept for proofs, and of each month's last day. */
const KEPT = 40;

/** Whether a closing was done; `behind`: tree or journal are not there yet; `busy`: another process is at it. */
export type Closed = 'closed' | 'behind' | 'busy' | 'nothing';

/** The last day of the ledger's zone of which nothing more can come: by the calendar, since a day may have 23 hours, or 25. */
export const lastDayOver = ({ timeZone, now }: Pick<ClosingParts, 'timeZone' | 'now'>): string => {
  const today = DateTime.fromJSDate(now(), { zone: timeZone }).minus(DAY_IS_OVER_AFTER);
  return today.minus({ days: 1 }).toISODate() ?? '';
};

/** Closes every day that is over and was not closed, the oldest first. @returns the last day that is closed then, where all are */
export async function closeDays(parts: ClosingParts): Promise<string | undefined> {
  const { timeZone, store } = parts;
  const yesterday = lastDayOver(parts);
  const last = await lastClosedDay(store);
  const next = last === undefined ? yesterday : dayAfter(last);
  for (let day = next; day <= yesterday; day = dayAfter(day)) {
    const closed = await close(parts, day, { until: instantOf(day, timeZone) });
    if (closed === 'behind' || closed === 'busy') return undefined;
  }
  await dropOld(parts);
  return yesterday;
}

const dayAfter = (day: string): string =>
  DateTime.fromISO(day, { zone: 'utc' }).plus({ days: 1 }).toISODate() ?? '';

/**
 * Closes what the tree has now.
 * @param least the position of the log that must be in it
 * @returns what it is known by
 */
export async function closeNow(
  parts: ClosingParts,
  least: bigint,
): Promise<{ readonly asOf: string; readonly closed: Closed }> {
  const asOf = parts.now().toISOString();
  return { asOf, closed: await close(parts, asOf, { least }) };
}

/** Up to the last instant that counts, or all that the tree has, which is then up to a position at least. */
type Extent = { readonly until: Date | undefined } | { readonly least: bigint };

async function close(parts: ClosingParts, asOf: string, extent: Extent): Promise<Closed> {
  const head = 'least' in extent ? extent.least : await parts.store.head();
  return withTransaction(parts.pool, async (tx) => {
    if (!(await lock(tx))) return 'busy';
    // Another process may have done it since it was looked for.
    if (await findCommitment(parts.store, asOf)) return 'closed';
    const { size, position } = await readTreePlace(tx);
    const until = 'until' in extent ? extent.until : undefined;
    const entries = until && size > 0 ? await entriesUntil(tx, size, until) : size;
    // With an entry of later in it, the tree has all that counts.
    if (entries === size && position < head) return 'behind';
    if (entries === 0) return 'nothing';
    const balances = await indexedBalances(tx, entries);
    if (!balances) return 'behind';
    const totals = await buildTrees(tx, { asOf, entries, salts: parts.salts, balances });
    await parts.commit({ as_of: asOf, time_zone: parts.timeZone, entries, ...committedTotals(totals) });
    return 'closed';
  });
}

/**
 * Sees to it that trees of a closing are there from which balances are proved: they are made of the log again where they are lost, or are not
 * what was made.
 * @throws BooksDisagree where they do not come to what the log says
 */
export async function keepTrees(
  parts: Pick<ClosingParts, 'pool' | 'store' | 'salts'>,
  asOf?: string,
): Promise<Closed> {
  const commitment = await findCommitment(parts.store, asOf);
  if (!commitment) return 'nothing';
  const { as_of: closing, entries } = commitment;
  if ((await faultInKept(parts.pool, commitment)) === undefined) return 'closed';
  return withTransaction(parts.pool, async (tx) => {
    if (!(await lock(tx))) return 'busy';
    const balances = await indexedBalances(tx, entries);
    if (!balances) return 'behind';
    const totals = await buildTrees(tx, { asOf: closing, entries, salts: parts.salts, balances });
    if (isAsCommitted(totals, commitment)) return 'closed';
    const { owed, overdrawn } = committedTotals(totals);
    const told = (side: typeof owed) => `${side.quota} of ${side.accounts} accounts (${side.root})`;
    throw new BooksDisagree([
      { what: `owed as of ${closing}`, recorded: told(commitment.owed), recomputed: told(owed) },
      {
        what: `overdrawn as of ${closing}`,
        recorded: told(commitment.overdrawn),
        recomputed: told(overdrawn),
      },
    ]);
  });
}

const lock = async (tx: Queryable): Promise<boolean> => {
  const { rows } = await tx.query<{ alone: boolean }>('SELECT pg_try_advisory_xact_lock($1) AS alone', [
    LOCK,
  ]);
  return rows[0]?.alone === true;
};

/** What the journal says at the end of so many entries; undefined while tree or journal do not have them. */
async function indexedBalances(
  tx: Queryable,
  entries: number,
): Promise<AsyncGenerator<readonly IndexedBalance[]> | undefined> {
  if ((await readTreePlace(tx)).size < entries) return undefined;
  const position = await positionOfEntry(tx, entries - 1);
  const [journal] = await readCheckpoints(tx, ['journal'], 'live');
  if (!journal || journal.position < position) return undefined;
  return withIndexes(tx, position);
}

async function* withIndexes(tx: Queryable, position: bigint): AsyncGenerator<readonly IndexedBalance[]> {
  const walk = new IndexWalk(tx);
  for await (const page of balancesAt(tx, position)) {
    const indexed: IndexedBalance[] = [];
    for (const { accountId, balance, position: last } of page)
      indexed.push({ accountId, balance, lastIndex: await walk.indexOf(last) });
    yield indexed;
  }
}

/** And what is of no closing: somebody else put it there. */
async function dropOld({ pool, store }: Pick<ClosingParts, 'pool' | 'store'>): Promise<void> {
  // In this order: what is made meanwhile is said before it is there.
  const kept = await keptTrees(pool);
  const closed = new Set<string>();
  for await (const { as_of: asOf } of commitments(store)) closed.add(asOf);
  const old = kept
    .filter((asOf) => closed.has(asOf))
    .slice(0, -KEPT)
    .filter((asOf) => !isLastOfMonth(asOf));
  const dropped = [...old, ...kept.filter((asOf) => !closed.has(asOf))];
  if (dropped.length > 0) await withTransaction(pool, (tx) => dropTrees(tx, dropped));
}

const isLastOfMonth = (asOf: string): boolean => {
  const day = DateTime.fromISO(asOf, { zone: 'utc' });
  return isDay(asOf) && day.plus({ days: 1 }).month !== day.month;
};
