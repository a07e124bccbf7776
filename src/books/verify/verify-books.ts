import type pg from 'pg';
import type { EventStore } from '../../eventstore/event-store.js';
import { withTransaction } from '../../postgres/pool.js';
import { allProjections } from '../../projections/all-projections.js';
import type { CachedBalance } from '../../balance/cached-balance.js';
import { ALL_POSTINGS } from '../../projections/cash/entry-views.js';
import { readCheckpoints } from '../../projections/runtime/checkpoints.js';
import type { Group, Queryable } from '../../projections/runtime/projection.js';
import { timeZoneOf } from '../../projections/statistics/projector.js';
import type { LogComparer } from '../../transparency/compare-log.js';
import { checkCache } from './cache-check.js';
import { type Check, Finding } from './check.js';
import { checkCash } from './cash-checks.js';
import { checkCodes } from './code-checks.js';
import { checkClosings } from './closing-check.js';
import { Fold } from './fold/fold.js';
import { checkGrants } from './grant-checks.js';
import { checkReferrals } from './referral-checks.js';
import { checkSubscriptions } from './subscription-checks.js';
import { checkTeams } from './team-checks.js';
import { pageChecks } from './page-checks.js';
import { type LogSeals, SealCheck } from './seal-check.js';
import { SignedCheck } from './signed-check.js';
import { readSums, type Sum } from './sums.js';
import {
  checkAccounts,
  checkActs,
  checkBalances,
  checkCatalogue,
  checkDoubts,
  checkOrders,
  checkSentRefunds,
  checkStatistics,
  checkTokens,
} from './table-checks.js';
import { walkLog, type WalkProgress } from './walk-log.js';

export interface VerifyOptions {
  readonly store: EventStore;
  readonly pool: pg.Pool;
  /** Only where this process can see it. */
  readonly cachedBalance?: CachedBalance | undefined;
  /** Each seal that is wrong is told; without it a store that looks at seals rejects at the first. */
  readonly seals?: LogSeals | undefined;
  /** What was signed of the log; a text: why that cannot be known. Absent where nothing ever is. */
  readonly signed?: LogComparer | string | undefined;
  readonly onProgress?: (progress: WalkProgress) => void;
}

export interface Verification {
  /** The log was folded, and the ledger's tables were compared, up to here. */
  readonly position: bigint;
  /** Where the log ended when it was asked for; the log itself was checked up to here. */
  readonly head: bigint;
  /** Events that the ledger's tables did not have yet. */
  readonly behind: number;
  readonly events: number;
  /** Events of which nothing is made: skipped by a person, or somebody else's as far as they were met. */
  readonly passedOver: { readonly skipped: number; readonly foreign: number };
  readonly accounts: number;
  /** Of the events up to where the log was read: the same for the same log. 256 bits, as 64 hexadecimal digits. */
  readonly digest: string;
  readonly sums: readonly Sum[];
  /** Drift 0: none of them has a difference. */
  readonly checks: readonly Check[];
}

/** The read models were never installed, or one is still on its way to where the others are. */
export class NotVerifiable extends Error {
  override readonly name = 'NotVerifiable';
}

/**
 * Folds the whole log in memory, by code of its own, and compares every column of every read model and the cached balances with it
 * at the position of the tables; the log itself is checked to its end. The ledger may go on meanwhile: the tables are read in one snapshot.
 *
 * @throws EventStoreUnavailable, NotVerifiable
 */
export async function verifyBooks(options: VerifyOptions): Promise<Verification> {
  return withTransaction(options.pool, async (tx) => {
    await tx.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY');
    await tx.query('SET LOCAL statement_timeout = 0');
    await tx.query('SET LOCAL idle_in_transaction_session_timeout = 0');
    return verifyWithin(tx, options);
  });
}

async function verifyWithin(tx: Queryable, options: VerifyOptions): Promise<Verification> {
  const { ledger, statistics, timeZone } = await findPositions(tx);
  const fold = new Fold({ ledger, statistics }, timeZone);
  const pages = pageChecks();
  const seals = options.seals && new SealCheck(options.seals);
  const signed = options.signed === undefined ? undefined : new SignedCheck(options.signed);
  const head = await options.store.head();
  const until = [ledger, statistics, head].reduce((last, position) => (position > last ? position : last));
  const { events, digest } = await walkLog(
    tx,
    options.store,
    fold,
    { pages, seals, signed },
    until,
    (progress) => options.onProgress?.(progress),
  );
  const checks: Check[] = [
    ...Object.values(fold.findings),
    ...(seals ? [seals.finding] : []),
    ...(signed ? [signed.end()] : []),
    await checkAccounts(tx, fold.directory),
    ...(await checkBalances(tx, fold.books)),
    await checkTokens(tx, fold.directory),
    ...(await checkCatalogue(tx, fold.directory)),
    await checkDoubts(tx, fold.doubts),
    ...(await checkOrders(tx, fold.orders)),
    await checkSentRefunds(tx, fold.sentRefunds),
    ...(await checkCash(tx, fold.cash)),
    ...(await checkGrants(tx, fold.grants, fold.lots)),
    ...(await checkCodes(tx, fold.codes)),
    ...(await checkReferrals(tx, fold.referrals)),
    ...(await checkSubscriptions(tx, fold.subscriptions)),
    ...(await checkTeams(tx, fold.teams)),
    ...pages.map(({ finding }) => finding),
    await checkJournalTotal(tx),
    ...(await checkStatistics(tx, fold.days)),
    await checkActs(tx, fold.acts),
  ];
  const closings = await checkClosings(tx, options.store);
  if (closings) checks.push(closings);
  if (options.cachedBalance) checks.push(await checkCache(options.cachedBalance, fold, ledger));
  const { behind, books, directory, passedOver } = fold;
  const sums = await readSums(tx, books);
  const accounts = directory.accounts.size;
  return { position: ledger, head, behind, events, passedOver, accounts, digest, sums, checks };
}

async function findPositions(
  tx: Queryable,
): Promise<{ readonly ledger: bigint; readonly statistics: bigint; readonly timeZone: string }> {
  const projections = allProjections('');
  const checkpoints = await readCheckpoints(
    tx,
    projections.map(({ name }) => name),
    'live',
  );
  if (checkpoints.length < projections.length)
    throw new NotVerifiable('the read models have not been made: start a projector first');
  const groupOf = new Map(projections.map(({ name, group }) => [name, group]));
  const positionOf = (group: Group): bigint => {
    const [first, ...others] = checkpoints.filter(({ projection }) => groupOf.get(projection) === group);
    if (!first || others.some(({ position }) => position !== first.position))
      throw new NotVerifiable('a read model is still on its way to where the others are');
    return first.position;
  };
  const days = checkpoints.find(({ projection }) => projection === 'statistics');
  return {
    ledger: positionOf('ledger'),
    statistics: positionOf('statistics'),
    timeZone: timeZoneOf(days?.version ?? ''),
  };
}

/** Debits and credits over all entries; each entry's own sum is compared with its postings. */
async function checkJournalTotal(tx: Queryable): Promise<Finding> {
  const finding = new Finding('the journal sums to zero');
  const { rows } = await tx.query<{ total: string }>(
    `SELECT coalesce(sum(amount), 0) AS total FROM ${ALL_POSTINGS} p`,
  );
  finding.compare('all entries', null, { total: 0 }, { total: rows[0]?.total ?? 'nothing' });
  return finding;
}
