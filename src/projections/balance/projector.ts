import { type Movement, moneyEvents, movementOf } from '../movement.js';
import type { LedgerEvent, Projection, Queryable } from '../runtime/projection.js';
import { jsonRows } from '../runtime/rows.js';
import { ddl } from './table.js';

/** What each account has, and what each key has used. */
export const balance: Projection = {
  name: 'balance',
  group: 'ledger',
  version: '1',
  tables: ['balances', 'token_usage', 'balances_after'],
  handles: moneyEvents,
  ddl,
  async apply(tx, schema, events) {
    const { accounts, tokens, marks } = foldMovements(events);
    await insertBalancesAfter(tx, schema, marks);
    await addToBalances(tx, schema, accounts.rows());
    await addToTokens(tx, schema, tokens.rows());
  },
};

const isMarked = ({ kind }: Movement): boolean => kind !== 'charge' && kind !== 'correction';

function foldMovements(events: readonly LedgerEvent[]) {
  const accounts = new Totals<string>();
  const tokens = new Totals<number>();
  /** What the batch has moved up to and including each marked event. */
  const marks: object[] = [];
  for (const event of events) {
    const movement = movementOf(event);
    if (!movement) continue;
    const { accountId: account_id, tokenId } = movement;
    const position = event.position;
    const { amount } = accounts.add(account_id, movement, position);
    if (tokenId !== undefined) tokens.add(tokenId, movement, position);
    if (isMarked(movement))
      marks.push({ position: position.toString(), account_id, moved: amount.toString() });
  }
  return { accounts, tokens, marks };
}

/** Before the balances move: what was there, plus what the batch has moved. */
async function insertBalancesAfter(tx: Queryable, schema: string, marks: readonly object[]): Promise<void> {
  if (marks.length === 0) return;
  await tx.query(
    `INSERT INTO ${schema}.balances_after (position, account_id, balance_after)
     SELECT m.position, m.account_id, coalesce(b.balance, 0) + m.moved
     FROM json_to_recordset($1) AS m (position bigint, account_id uuid, moved bigint)
     LEFT JOIN ${schema}.balances b USING (account_id)`,
    [jsonRows(marks)],
  );
}

async function addToBalances(tx: Queryable, schema: string, totals: readonly object[]): Promise<void> {
  await tx.query(
    `INSERT INTO ${schema}.balances AS b (account_id, balance, used_quota, total_requests, position)
     SELECT key::uuid, amount, used, requests, position
     FROM json_to_recordset($1) AS row (key text, amount bigint, used bigint, requests bigint, position bigint)
     ON CONFLICT (account_id) DO UPDATE
     SET balance = b.balance + excluded.balance, used_quota = b.used_quota + excluded.used_quota,
         total_requests = b.total_requests + excluded.total_requests, position = excluded.position`,
    [jsonRows(totals)],
  );
}

async function addToTokens(tx: Queryable, schema: string, totals: readonly object[]): Promise<void> {
  if (totals.length === 0) return;
  await tx.query(
    `INSERT INTO ${schema}.token_usage AS t (token_id, used_quota, position)
     SELECT key, used, position FROM json_to_recordset($1) AS row (key bigint, used bigint, position bigint)
     ON CONFLICT (token_id) DO UPDATE SET used_quota = t.used_quota + excluded.used_quota, position = excluded.position`,
    [jsonRows(totals)],
  );
}

interface Total {
  amount: bigint;
  used: bigint;
  requests: number;
  /** Of the last movement. */
  position: bigint;
}

/** The movements of a batch, one row a key: twenty times fewer rows reach the database where few accounts make many calls. */
class Totals<Key extends string | number> {
  private readonly totals = new Map<Key, Total>();

  /** Answers the key's total, this movement included. */
  add(key: Key, { amount, used, requests }: Movement, position: bigint): Readonly<Total> {
    const total = this.totals.get(key);
    if (!total) {
      const first = { amount, used, requests, position };
      this.totals.set(key, first);
      return first;
    }
    total.amount += amount;
    total.used += used;
    total.requests += requests;
    total.position = position;
    return total;
  }

  /** Amounts as text, for JSON. */
  rows(): readonly object[] {
    return [...this.totals].map(([key, { amount, used, requests, position }]) => ({
      key,
      amount: amount.toString(),
      used: used.toString(),
      requests,
      position: position.toString(),
    }));
  }
}
