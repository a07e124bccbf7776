import { type Movement, moneyEvents, movementOf } from '../movement.js';
import type { LedgerEvent, Projection, Queryable } from '../runtime/projection.js';
import { jsonRows } from '../runtime/rows.js';
import { ddl } from './table.js';

type PlacedMovement = Movement & { readonly position: bigint };

/** What each account has, and what each key has used. */
export const balance: Projection = {
  name: 'balance',
  group: 'ledger',
  version: '1',
  tables: ['balances', 'token_usage', 'balances_after'],
  handles: moneyEvents,
  ddl,
  async apply(tx, schema, events) {
    const movements = events.flatMap(placedMovement);
    await insertBalancesAfter(tx, schema, movements);
    await addToBalances(tx, schema, movements);
    await addToTokens(tx, schema, movements);
  },
};

function placedMovement(event: LedgerEvent): PlacedMovement[] {
  const movement = movementOf(event);
  return movement ? [{ ...movement, position: event.position }] : [];
}

const isMarked = ({ kind }: Movement): boolean =>
  kind === 'credit' || kind === 'refund' || kind === 'adjustment';

/** Before the balances move: what was there, plus what the batch has moved up to and including each marked event. */
async function insertBalancesAfter(
  tx: Queryable,
  schema: string,
  movements: readonly PlacedMovement[],
): Promise<void> {
  const moved = new Map<string, bigint>();
  const rows: object[] = [];
  for (const movement of movements) {
    const { accountId, amount, position } = movement;
    const sum = (moved.get(accountId) ?? 0n) + amount;
    moved.set(accountId, sum);
    if (isMarked(movement))
      rows.push({ position: position.toString(), account_id: accountId, moved: sum.toString() });
  }
  if (rows.length === 0) return;
  await tx.query(
    `INSERT INTO ${schema}.balances_after (position, account_id, balance_after)
     SELECT m.position, m.account_id, coalesce(b.balance, 0) + m.moved
     FROM json_to_recordset($1) AS m (position bigint, account_id uuid, moved bigint)
     LEFT JOIN ${schema}.balances b USING (account_id)`,
    [jsonRows(rows)],
  );
}

async function addToBalances(
  tx: Queryable,
  schema: string,
  movements: readonly PlacedMovement[],
): Promise<void> {
  const totals = sumBy(movements, ({ accountId }) => accountId);
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

async function addToTokens(
  tx: Queryable,
  schema: string,
  movements: readonly PlacedMovement[],
): Promise<void> {
  const totals = sumBy(movements, ({ tokenId }) => tokenId);
  if (totals.length === 0) return;
  await tx.query(
    `INSERT INTO ${schema}.token_usage AS t (token_id, used_quota, position)
     SELECT key, used, position FROM json_to_recordset($1) AS row (key bigint, used bigint, position bigint)
     ON CONFLICT (token_id) DO UPDATE SET used_quota = t.used_quota + excluded.used_quota, position = excluded.position`,
    [jsonRows(totals)],
  );
}

/** One row a key: twenty times fewer rows reach the database where few accounts make many calls. */
function sumBy<Key>(
  movements: readonly PlacedMovement[],
  keyOf: (movement: PlacedMovement) => Key | undefined,
) {
  const sums = new Map<Key, { amount: bigint; used: bigint; requests: number; position: bigint }>();
  for (const movement of movements) {
    const key = keyOf(movement);
    if (key === undefined) continue;
    const sum = sums.get(key) ?? { amount: 0n, used: 0n, requests: 0, position: 0n };
    sums.set(key, {
      amount: sum.amount + movement.amount,
      used: sum.used + movement.used,
      requests: sum.requests + movement.requests,
      position: movement.position,
    });
  }
  return [...sums].map(([key, { amount, used, requests, position }]) => ({
    key,
    amount: amount.toString(),
    used: used.toString(),
    requests,
    position: position.toString(),
  }));
}
