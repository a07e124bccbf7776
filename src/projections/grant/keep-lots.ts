import type { LedgerEvent, Queryable } from '../runtime/projection.js';
import { jsonRows } from '../runtime/rows.js';
import { type Allocation, burnsBefore, type Lot, type Lots } from './lots.js';
import { lotNamedBy, stepOf } from './step.js';

type OfAccount = LedgerEvent & { readonly data: { readonly account_id: string } };

/** Of the accounts of a batch: what they had, each event of theirs in the order of the log, and what they have then. */
export async function projectLots(
  tx: Queryable,
  schema: string,
  events: readonly LedgerEvent[],
): Promise<void> {
  const moving = events as readonly OfAccount[];
  if (moving.length === 0) return;
  const before = await readLots(tx, schema, moving);
  const now = new Map<string, Lots>(before);
  const burned: Allocation[] = [];
  for (const event of moving) {
    const { account_id } = event.data;
    const step = stepOf(event, now.get(account_id) ?? NOTHING);
    now.set(account_id, step);
    for (const { lot, quota } of step.burned)
      if (lot.origin === 'granted') burned.push({ position: event.position, grantId: lot.reference, quota });
  }
  await writeLots(tx, schema, changedLots(before, now));
  await writeDebts(tx, schema, before, now);
  await writeAllocations(tx, schema, burned);
}

const NOTHING: Lots = { lots: [], debt: 0n };

interface LotRow extends Omit<Lot, 'accountId' | 'endsAt' | 'isClosed'> {
  readonly account_id: string;
  readonly ends_at: Date | null;
  readonly is_closed: boolean;
}

/** What can be burned, and of what is empty that which an event names. */
async function readLots(
  tx: Queryable,
  schema: string,
  events: readonly OfAccount[],
): Promise<ReadonlyMap<string, Lots>> {
  const accounts = [...new Set(events.map(({ data }) => data.account_id))];
  const named = events.flatMap((event) => lotNamedBy(event)?.reference ?? []);
  const { rows } = await tx.query<LotRow>(
    `SELECT * FROM ${schema}.lots WHERE account_id = ANY($1::uuid[]) AND remaining > 0
     UNION
     SELECT * FROM ${schema}.lots WHERE reference = ANY($2) AND origin <> 'corrected' AND account_id = ANY($1::uuid[])`,
    [accounts, named],
  );
  const { rows: owing } = await tx.query<{ account_id: string; debt: bigint }>(
    `SELECT account_id, debt FROM ${schema}.debts WHERE account_id = ANY($1::uuid[]) AND debt > 0`,
    [accounts],
  );
  const debts = new Map(owing.map(({ account_id, debt }) => [account_id, debt]));
  const lots = new Map<string, Lot[]>(accounts.map((account) => [account, []]));
  for (const { account_id, ends_at, is_closed, ...row } of rows)
    lots.get(account_id)?.push({ ...row, accountId: account_id, endsAt: ends_at, isClosed: is_closed });
  return new Map(
    [...lots].map(([account, had]) => [
      account,
      { lots: had.sort(burnsBefore), debt: debts.get(account) ?? 0n },
    ]),
  );
}

function changedLots(before: ReadonlyMap<string, Lots>, now: ReadonlyMap<string, Lots>): readonly Lot[] {
  return [...now].flatMap(([account, { lots }]) => {
    const had = new Set(before.get(account)?.lots);
    return lots.filter((lot) => !had.has(lot));
  });
}

async function writeLots(tx: Queryable, schema: string, lots: readonly Lot[]): Promise<void> {
  if (lots.length === 0) return;
  const rows = lots.map((lot) => ({
    position: lot.position.toString(),
    account_id: lot.accountId,
    origin: lot.origin,
    reference: lot.reference,
    priority: lot.priority,
    ends_at: lot.endsAt,
    quota: lot.quota.toString(),
    remaining: lot.remaining.toString(),
    is_closed: lot.isClosed,
  }));
  await tx.query(
    `INSERT INTO ${schema}.lots (position, account_id, origin, reference, priority, ends_at, quota, remaining, is_closed)
     SELECT * FROM json_to_recordset($1) AS row (position bigint, account_id uuid, origin text, reference text, priority integer,
                                                 ends_at timestamptz, quota bigint, remaining bigint, is_closed boolean)
     ON CONFLICT (position) DO UPDATE SET remaining = excluded.remaining, is_closed = excluded.is_closed`,
    [jsonRows(rows)],
  );
}

async function writeDebts(
  tx: Queryable,
  schema: string,
  before: ReadonlyMap<string, Lots>,
  now: ReadonlyMap<string, Lots>,
): Promise<void> {
  const changed = [...now].filter(([account, { debt }]) => debt !== (before.get(account)?.debt ?? 0n));
  // However a batch is cut, who owes nothing has no row.
  const settled = changed.flatMap(([account, { debt }]) => (debt === 0n ? [account] : []));
  if (settled.length > 0)
    await tx.query(`DELETE FROM ${schema}.debts WHERE account_id = ANY($1::uuid[])`, [settled]);
  const rows = changed.flatMap(([account_id, { debt }]) =>
    debt > 0n ? [{ account_id, debt: debt.toString() }] : [],
  );
  if (rows.length === 0) return;
  await tx.query(
    `INSERT INTO ${schema}.debts (account_id, debt)
     SELECT account_id, debt FROM json_to_recordset($1) AS row (account_id uuid, debt bigint)
     ON CONFLICT (account_id) DO UPDATE SET debt = excluded.debt`,
    [jsonRows(rows)],
  );
}

async function writeAllocations(tx: Queryable, schema: string, burned: readonly Allocation[]): Promise<void> {
  if (burned.length === 0) return;
  const rows = burned.map(({ position, grantId: grant_id, quota }) => ({
    ...{ position: position.toString(), grant_id, quota: quota.toString() },
  }));
  await tx.query(
    `INSERT INTO ${schema}.allocations (position, grant_id, quota)
     SELECT position, grant_id, quota
     FROM json_to_recordset($1) AS row (position bigint, grant_id uuid, quota bigint)`,
    [jsonRows(rows)],
  );
}
