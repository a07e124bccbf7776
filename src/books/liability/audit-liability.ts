import type pg from 'pg';
import type { EventStore } from '../../eventstore/event-store.js';
import { readLog } from '../../eventstore/read-log.js';
import { decodeRecorded } from '../../projections/runtime/decode-event.js';
import { schemaOf } from '../../projections/runtime/projection.js';
import type { AccountSalts } from '../../transparency/liability/account-salts.js';
import type { IndexedBalance } from '../../transparency/liability/build-trees.js';
import { positionOfEntry } from '../../transparency/liability/entry-places.js';
import { totalsOf } from '../../transparency/liability/totals-of.js';
import { hasEntry } from '../../transparency/log-tree.js';
import { Comparison } from '../audit/faults.js';
import { Finding } from '../verify/check.js';
import { Books } from '../verify/fold/books.js';
import { committedTotals, type Commitment } from '../closings/commitments.js';

interface AuditOptions {
  readonly pool: pg.Pool;
  readonly store: Pick<EventStore, 'readAll'>;
  readonly salts: AccountSalts;
  readonly isOfLogAlone: (stream: string) => boolean;
  readonly onProgress?: ((entries: number) => void) | undefined;
}

/**
 * Holds what was closed against the log, folded once more by verify's code, and against the journal's sum. Memory grows with the accounts.
 * @throws BooksDisagree
 */
export async function auditLiability(options: AuditOptions, commitment: Commitment): Promise<void> {
  const { as_of: asOf, entries } = commitment;
  const balances = await foldBalances(options, entries);
  const found = committedTotals(totalsOf(asOf, options.salts, balances));
  const comparison = new Comparison();
  for (const side of ['owed', 'overdrawn'] as const)
    for (const figure of ['quota', 'accounts', 'root'] as const)
      comparison.same(
        `${figure} of what is ${side} as of ${asOf}`,
        commitment[side][figure],
        found[side][figure],
      );
  comparison.same(
    `the journal's sum as of ${asOf}`,
    commitment.owed.quota - commitment.overdrawn.quota,
    await journalSum(options.pool, entries),
  );
  comparison.settle();
}

async function journalSum(pool: pg.Pool, entries: number): Promise<bigint> {
  const position = await positionOfEntry(pool, entries - 1);
  const { rows } = await pool.query<{ sum: string }>(
    `SELECT -coalesce(sum(user_amount), 0) AS sum FROM ${schemaOf('journal')}.entries WHERE position <= $1`,
    [position],
  );
  return BigInt(rows[0]?.sum ?? 0);
}

/** What each account had after so many entries of the log, by the log alone. */
async function foldBalances(
  { store, isOfLogAlone, onProgress }: AuditOptions,
  entries: number,
): Promise<readonly IndexedBalance[]> {
  const nobodyAsks = new Finding('');
  const books = new Books({ payments: nobodyAsks, holds: nobodyAsks, refunds: nobodyAsks });
  const last = new Map<string, number>();
  let index = 0;
  for await (const page of readLog(store, { after: -1n, withPassedOver: true })) {
    for (const recorded of page.events) {
      if (index >= entries) break;
      if (!hasEntry(recorded, isOfLogAlone)) continue;
      index += 1;
      if (recorded.passedOver) continue;
      const event = decodeRecorded(recorded);
      const accountId = 'account_id' in event.data ? event.data.account_id : undefined;
      const before = accountId === undefined ? undefined : (books.accounts.get(accountId)?.balance ?? 0n);
      const after = books.apply(event);
      if (accountId !== undefined && after !== undefined && after !== before) last.set(accountId, index - 1);
    }
    onProgress?.(index);
    if (index >= entries) break;
  }
  return [...last].map(([accountId, lastIndex]) => ({
    accountId,
    balance: books.accounts.get(accountId)?.balance ?? 0n,
    lastIndex,
  }));
}
