import { isOneOf, type LedgerEvent, type Queryable } from '../runtime/projection.js';
import { assertRows, jsonRows } from '../runtime/rows.js';

export async function insertFlags(
  tx: Queryable,
  schema: string,
  events: readonly LedgerEvent[],
): Promise<void> {
  const rows = events.flatMap((event) => {
    const { position, recordedAt } = event;
    const raised = { position: position.toString(), raised_at: recordedAt };
    if (isOneOf(event, 'order-flagged'))
      return { ...event.data, amount_minor: event.data.amount_minor.toString(), ...raised };
    if (!isOneOf(event, 'stray-payment-flagged')) return [];
    const { named_order: order_id, amount_minor, ...said } = event.data;
    return { ...said, order_id, kind: 'stray', amount_minor: amount_minor.toString(), ...raised };
  });
  if (rows.length === 0) return;
  await tx.query(
    `INSERT INTO ${schema}.order_flags (flag_id, order_id, account_id, provider_id, kind, provider_payment, amount_minor, currency, merchant, paid_at,
                                        seen_by, refusal, position, raised_at)
     SELECT row.* FROM json_to_recordset($1) AS row (flag_id uuid, order_id text, account_id uuid, provider_id text, kind text, provider_payment text,
                                                 amount_minor bigint, currency text, merchant text, paid_at timestamptz, seen_by text,
                                                 refusal text, position bigint, raised_at timestamptz)`,
    [jsonRows(rows)],
  );
}

export async function settleFlags(
  tx: Queryable,
  schema: string,
  events: readonly LedgerEvent[],
): Promise<void> {
  const rows = events.flatMap((event) => {
    const isSettled = isOneOf(event, 'order-flag-settled') || isOneOf(event, 'stray-payment-settled');
    return isSettled ? { ...event.data, settled_at: event.recordedAt } : [];
  });
  if (rows.length === 0) return;
  const { rowCount } = await tx.query(
    `UPDATE ${schema}.order_flags f
     SET decision = row.decision, settled_by = row.by, settled_because = row.reason, settled_at = row.settled_at,
         order_id = coalesce(row.credited_order, f.order_id)
     FROM json_to_recordset($1) AS row (flag_id uuid, credited_order text, decision text, by text, reason text, settled_at timestamptz)
     WHERE f.flag_id = row.flag_id`,
    [jsonRows(rows)],
  );
  assertRows('flags of orders', rowCount, rows.length);
}
