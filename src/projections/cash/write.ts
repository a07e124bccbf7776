import type { LedgerEventOf, Queryable } from '../runtime/projection.js';
import { jsonRows } from '../runtime/rows.js';
import type { CashEntry } from './legs.js';
import type { CashFact, CashOrder } from './order-cash.js';

export async function writeOrders(
  tx: Queryable,
  schema: string,
  orders: readonly CashOrder[],
): Promise<void> {
  if (orders.length === 0) return;
  const columns = `order_id, account_id, purpose, provider_id, currency, rate, payment, paid_minor, returned_minor, disputed_minor,
                   position, paid_at`;
  await tx.query(
    `INSERT INTO ${schema}.cash_orders (${columns})
     SELECT ${columns}
     FROM json_to_recordset($1) AS row (order_id text, account_id uuid, purpose text, provider_id text, currency text, rate text,
                                        payment text, paid_minor bigint, returned_minor bigint, disputed_minor bigint,
                                        position bigint, paid_at timestamptz)
     ON CONFLICT (order_id) DO UPDATE
     SET payment = excluded.payment, paid_minor = excluded.paid_minor, returned_minor = excluded.returned_minor,
         disputed_minor = excluded.disputed_minor, paid_at = excluded.paid_at`,
    [
      jsonRows(
        orders.map((order) => ({
          ...order,
          paid_minor: order.paid_minor.toString(),
          returned_minor: order.returned_minor.toString(),
          disputed_minor: order.disputed_minor.toString(),
          position: order.position.toString(),
        })),
      ),
    ],
  );
}

export async function writeFacts(tx: Queryable, schema: string, facts: readonly CashFact[]): Promise<void> {
  if (facts.length === 0) return;
  await tx.query(
    `INSERT INTO ${schema}.cash_facts (order_id, kind, id, payment, minor, standing)
     SELECT order_id, kind, id, payment, minor, standing
     FROM json_to_recordset($1) AS row (order_id text, kind text, id text, payment text, minor bigint, standing text)
     ON CONFLICT (order_id, kind, id) DO UPDATE
     SET payment = excluded.payment, minor = excluded.minor, standing = excluded.standing`,
    [jsonRows(facts.map((fact) => ({ ...fact, minor: fact.minor.toString() })))],
  );
}

export async function writeMovements(
  tx: Queryable,
  schema: string,
  events: readonly LedgerEventOf<'cash-booked'>[],
): Promise<void> {
  if (events.length === 0) return;
  const rows = events.map(({ data: { by: booked_by, ...data }, position, recordedAt: booked_at }) => ({
    ...{ ...data, booked_by, booked_at },
    ...{ amount_minor: data.amount_minor.toString(), quota: data.quota.toString() },
    position: position.toString(),
  }));
  const columns = `cash_id, provider_id, kind, reference, currency, amount_minor, quota, at, evidence_sha256, reason, booked_by, position,
                   booked_at`;
  await tx.query(
    `INSERT INTO ${schema}.cash_movements (${columns})
     SELECT ${columns}
     FROM json_to_recordset($1) AS row (cash_id uuid, provider_id text, kind text, reference text, currency text, amount_minor bigint,
                                        quota bigint, at timestamptz, evidence_sha256 text, reason text, booked_by text,
                                        position bigint, booked_at timestamptz)`,
    [jsonRows(rows)],
  );
}

export async function writeEntries(
  tx: Queryable,
  schema: string,
  entries: readonly CashEntry[],
): Promise<void> {
  if (entries.length === 0) return;
  const rows = entries.map(({ legs: _legs, ...entry }) => ({
    ...entry,
    position: entry.position.toString(),
  }));
  await tx.query(
    `INSERT INTO ${schema}.cash_entries (position, recorded_at, type, account_id, provider_id, reference)
     SELECT position, recorded_at, type, account_id, provider_id, reference
     FROM json_to_recordset($1) AS row (position bigint, recorded_at timestamptz, type text, account_id uuid, provider_id text,
                                        reference text)`,
    [jsonRows(rows)],
  );
  const legs = entries.flatMap(({ position, legs: ofEntry }) =>
    ofEntry.map(({ account, amount }, leg) => ({
      ...{ position: position.toString(), leg, account },
      amount: amount.toString(),
    })),
  );
  await tx.query(
    `INSERT INTO ${schema}.cash_postings (position, leg, account, amount)
     SELECT position, leg, account, amount
     FROM json_to_recordset($1) AS row (position bigint, leg smallint, account text, amount bigint)`,
    [jsonRows(legs)],
  );
}
