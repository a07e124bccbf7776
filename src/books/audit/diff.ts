import type { EventStore, RecordedEvent } from '../../eventstore/event-store.js';
import { readLog } from '../../eventstore/read-log.js';
import { type Queryable, schemaOf } from '../../projections/runtime/projection.js';
import { AuditRefused, Comparison } from './faults.js';
import type { Snapshot } from './snapshot.js';
import { type Owner, ownersOf } from './tables.js';

/** How many events of each type. */
type EventCounts = Readonly<Record<string, number>>;

/** What happened to one account. Amounts in quota: `before + credits + grants - refunds - consumption + adjustments = after`, which has been checked. */
export interface AccountDiff extends Owner {
  readonly before: bigint;
  readonly after: bigint;
  readonly change: bigint;
  readonly credits: bigint;
  readonly grants: bigint;
  readonly refunds: bigint;
  readonly consumption: bigint;
  readonly adjustments: bigint;
  readonly calls: number;
  readonly failed_calls: number;
  readonly events: EventCounts;
}

/** What changed after `from` up to and including `to`. */
export interface DiffView {
  readonly from: bigint;
  readonly to: bigint;
  readonly events: number;
  /** Those that something happened to, by external id. */
  readonly accounts: readonly AccountDiff[];
  /** Events that are of no account: prices, channels. */
  readonly ledger: EventCounts;
}

export interface DiffRange {
  readonly from: bigint;
  readonly to: bigint;
}

/** @throws AuditRefused `range_invalid`, `position_ahead` */
export function checkRange({ position }: Snapshot, { from, to }: DiffRange): void {
  if (from < -1n || to < from)
    throw new AuditRefused(
      'range_invalid',
      'a range begins at -1 or later and does not end before it begins',
    );
  if (to > position) throw new AuditRefused('position_ahead', `the read models are at position ${position}`);
}

/** @throws BooksDisagree */
export async function diffOf(
  { tx }: Snapshot,
  { from, to }: DiffRange,
  counted: CountedEvents,
): Promise<DiffView> {
  const { byAccount, ledger } = await assignTokens(tx, counted);
  const { events } = counted;
  const ids = [...byAccount.keys()];
  const owners = await ownersOf(tx, ids);
  const balances = await balancesOf(tx, ids, from, to);
  const movements = await movementsOf(tx, from, to);
  const comparison = new Comparison();
  const accounts = ids.map((id): AccountDiff => {
    const { before, after } = balances.get(id) ?? { before: 0n, after: 0n };
    const moved = movements.get(id) ?? NO_MOVEMENTS;
    const { credits, grants, refunds, consumption, adjustments } = moved;
    const expected = before + credits + grants - refunds - consumption + adjustments;
    comparison.same(`balance of ${id} at position ${to}`, after, expected);
    const owner = owners.get(id) ?? { account_id: id, external_user_id: '', user_id: 0 };
    const counts = Object.fromEntries(byAccount.get(id) ?? []);
    return { ...owner, before, after, change: after - before, ...moved, events: counts };
  });
  comparison.settle();
  accounts.sort((a, b) => (a.external_user_id < b.external_user_id ? -1 : 1));
  return { from, to, events, accounts, ledger: Object.fromEntries(ledger) };
}

type Counts = Map<string, number>;

/** The events of a range by whose they are; of some only the key is known. */
export interface CountedEvents {
  readonly events: number;
  readonly byAccount: Map<string, Counts>;
  readonly byToken: ReadonlyMap<string, Counts>;
  readonly ledger: Counts;
}

/**
 * Reads the range of the log itself: not every event moves money, or is in a table by its place. It may take minutes: not to be done while a
 * transaction waits.
 * @param maxEvents refused beyond
 * @throws AuditRefused `range_too_large`
 */
export async function countEvents(
  store: EventStore,
  { from, to }: DiffRange,
  maxEvents: number,
): Promise<CountedEvents> {
  const byAccount = new Map<string, Counts>();
  const byToken = new Map<string, Counts>();
  const ledger: Counts = new Map();
  let events = 0;
  if (from === to) return { events, byAccount, byToken, ledger };
  for await (const page of readLog(store, { after: from, until: to })) {
    for (const event of page.events) {
      if (event.position > to) break;
      if (++events > maxEvents)
        throw new AuditRefused('range_too_large', `at most ${maxEvents} events are compared at once`);
      count(countsOf(event, byAccount, byToken) ?? ledger, event.type);
    }
  }
  return { events, byAccount, byToken, ledger };
}

async function assignTokens(tx: Queryable, { byAccount, byToken, ledger }: CountedEvents) {
  const accounts = await accountsOfTokens(tx, [...byToken.keys()]);
  for (const [tokenId, counts] of byToken) {
    const accountId = accounts.get(tokenId);
    const target: Counts = accountId === undefined ? ledger : entryOf(byAccount, accountId);
    for (const [type, amount] of counts) count(target, type, amount);
  }
  return { byAccount, ledger };
}

/** Whose event it is, by its own words: claims name their owner, changes of a key only the key. */
function countsOf({ data }: RecordedEvent, byAccount: Map<string, Counts>, byToken: Map<string, Counts>) {
  const accountId = data.account_id ?? data.owner;
  if (typeof accountId === 'string') return entryOf(byAccount, accountId);
  return typeof data.token_id === 'number' ? entryOf(byToken, data.token_id.toString()) : undefined;
}

function entryOf(map: Map<string, Counts>, key: string): Counts {
  let counts = map.get(key);
  if (!counts) map.set(key, (counts = new Map<string, number>()));
  return counts;
}

function count(counts: Counts, type: string, amount = 1): void {
  counts.set(type, (counts.get(type) ?? 0) + amount);
}

async function accountsOfTokens(tx: Queryable, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const { rows } = await tx.query<{ token_id: bigint; account_id: string }>(
    `SELECT token_id, account_id FROM ${schemaOf('tokens')}.tokens WHERE token_id = ANY($1::bigint[])`,
    [ids],
  );
  return new Map(rows.map(({ token_id, account_id }) => [token_id.toString(), account_id]));
}

async function balancesOf(tx: Queryable, accountIds: readonly string[], from: bigint, to: bigint) {
  const { rows } = await tx.query<{ account_id: string; before: string; after: string }>(
    `SELECT account_id, -coalesce(sum(user_amount) FILTER (WHERE position <= $2), 0) AS before, -sum(user_amount) AS after
     FROM ${schemaOf('journal')}.entries
     WHERE account_id = ANY($1::uuid[]) AND position <= $3
     GROUP BY account_id`,
    [accountIds, from, to],
  );
  return new Map(
    rows.map(({ account_id, before, after }) => [
      account_id,
      { before: BigInt(before), after: BigInt(after) },
    ]),
  );
}

const NO_MOVEMENTS = {
  credits: 0n,
  grants: 0n,
  refunds: 0n,
  consumption: 0n,
  adjustments: 0n,
  calls: 0,
  failed_calls: 0,
};

/** By the history; corrections of charges (they name a model) are consumption. */
async function movementsOf(tx: Queryable, from: bigint, to: bigint) {
  type Row = Record<'account_id' | keyof typeof NO_MOVEMENTS, string>;
  const { rows } = await tx.query<Row>(
    `SELECT account_id,
            -coalesce(sum(spend) FILTER (WHERE type = 'topup'), 0) AS credits,
            -coalesce(sum(spend) FILTER (WHERE type = 'grant'), 0) AS grants,
            coalesce(sum(spend) FILTER (WHERE type = 'refund'), 0) AS refunds,
            coalesce(sum(spend) FILTER (WHERE model <> ''), 0) AS consumption,
            -coalesce(sum(spend) FILTER (WHERE type = 'adjust' AND model = ''), 0) AS adjustments,
            (count(*) FILTER (WHERE type = 'consume'))::text AS calls,
            (count(*) FILTER (WHERE type = 'error'))::text AS failed_calls
     FROM ${schemaOf('usage-log')}.log_rows WHERE position > $1 AND position <= $2 GROUP BY account_id`,
    [from, to],
  );
  return new Map(
    rows.map((row) => [
      row.account_id,
      {
        credits: BigInt(row.credits),
        grants: BigInt(row.grants),
        refunds: BigInt(row.refunds),
        consumption: BigInt(row.consumption),
        adjustments: BigInt(row.adjustments),
        calls: Number(row.calls),
        failed_calls: Number(row.failed_calls),
      },
    ]),
  );
}
