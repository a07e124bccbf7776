import { accountStream } from '../../domain/streams.js';
import { usdOfQuota } from '../../domain/money/quota.js';
import type { EventStore } from '../../eventstore/event-store.js';
import type { CachedBalance } from '../../balance/cached-balance.js';
import { schemaOf } from '../../projections/runtime/projection.js';
import { AuditRefused, Comparison } from './faults.js';
import type { Snapshot } from './snapshot.js';
import { findOwner, historyRowAt, journalBalance, type Owner, type Until } from './tables.js';

/** Which balance: the newest, or that of an instant or of a position of the log (both included). */
export type Moment = 'now' | Until;

/** What calls under way have set aside, as the cache has it. */
export interface HoldsView {
  /** False: nothing of this account is cached, because no call came lately. */
  readonly cached: boolean;
  readonly held: bigint;
  readonly available: bigint;
  readonly open: readonly {
    readonly hold_id: string;
    readonly granted: bigint;
    /** The charge, where the call is over and only its projection is awaited. */
    readonly settled: bigint | null;
    readonly lease_expires_at: string;
  }[];
}

/** Amounts in quota; dollars as exact decimal text. */
export interface BalanceView extends Owner {
  readonly as_of: string | null;
  /** The last place of the log that counts; -1 before the first event. Of an instant: that of the account's last movement. */
  readonly position: bigint;
  readonly balance: bigint;
  readonly balance_usd: string;
  readonly stream: string;
  /** Of the account's own stream; null before it was registered. */
  readonly stream_revision: bigint | null;
  readonly last_movement: {
    readonly position: bigint;
    readonly stream: string;
    readonly revision: bigint;
    readonly type: string;
    readonly reference: string;
    readonly recorded_at: string;
  } | null;
  /** Null for the past, and where the cache is in another process's memory. */
  readonly holds: HoldsView | null;
}

interface BalanceParts {
  readonly store: EventStore;
  readonly cachedBalance: Pick<CachedBalance, 'view'> | undefined;
}

/**
 * A user's balance by the journal; the newest one must be what the balance table says too.
 * @throws AuditRefused `account_not_found`, `position_ahead`; BooksDisagree
 */
export async function balanceAt(
  { tx, position: reached }: Snapshot,
  { store, cachedBalance }: BalanceParts,
  externalUserId: string,
  moment: Moment,
): Promise<BalanceView> {
  const owner = await findOwner(tx, externalUserId);
  const until: Until = moment === 'now' ? { position: reached } : moment;
  if ('position' in until && until.position > reached)
    throw new AuditRefused('position_ahead', `the read models are at position ${reached}`);
  const { balance, last } = await journalBalance(tx, owner.account_id, until);
  if (moment === 'now') await compareWithTable({ tx, position: reached }, owner, balance);
  const row = last === undefined ? undefined : await historyRowAt(tx, last);
  return {
    ...owner,
    as_of: 'at' in until ? until.at.toISOString() : null,
    position: 'at' in until ? (last ?? -1n) : until.position,
    balance,
    balance_usd: usdOfQuota(balance),
    stream: accountStream(owner.account_id),
    stream_revision: await revisionAt(store, accountStream(owner.account_id), until),
    last_movement: row
      ? {
          position: row.position,
          stream: row.stream,
          revision: row.revision,
          type: row.type,
          reference: row.reference,
          recorded_at: row.recorded_at.toISOString(),
        }
      : null,
    holds: moment === 'now' && cachedBalance ? await holdsOf(cachedBalance, owner, balance) : null,
  };
}

async function compareWithTable({ tx, position }: Snapshot, owner: Owner, balance: bigint): Promise<void> {
  const { rows } = await tx.query<{ balance: bigint }>(
    `SELECT balance FROM ${schemaOf('balance')}.balances WHERE account_id = $1`,
    [owner.account_id],
  );
  const comparison = new Comparison();
  comparison.same(`balance of ${owner.account_id} at position ${position}`, rows[0]?.balance ?? 0n, balance);
  comparison.settle();
}

const PAGE = 100;

/** The stream's last revision that counts, from its end: what is asked for is mostly recent. */
async function revisionAt(store: EventStore, stream: string, until: Until): Promise<bigint | null> {
  for (let from: bigint | undefined; ;) {
    const place = from === undefined ? {} : { from };
    const page = await store.readStream(stream, { ...place, direction: 'backwards', limit: PAGE });
    const found = page.find((event) =>
      'at' in until ? event.recordedAt <= until.at : event.position <= until.position,
    );
    if (found) return found.revision;
    const oldest = page.at(-1);
    if (!oldest || oldest.revision === 0n) return null;
    from = oldest.revision - 1n;
  }
}

async function holdsOf(
  cache: Pick<CachedBalance, 'view'>,
  { account_id }: Owner,
  balance: bigint,
): Promise<HoldsView> {
  const view = await cache.view(`account:${account_id}`);
  if (!view) return { cached: false, held: 0n, available: balance, open: [] };
  return {
    cached: true,
    held: view.held,
    available: view.balance - view.held,
    open: view.holds.map(({ holdId, granted, settled, leaseExpiresAtMs }) => ({
      hold_id: holdId,
      granted,
      settled: settled?.charge ?? null,
      lease_expires_at: new Date(leaseExpiresAtMs).toISOString(),
    })),
  };
}
