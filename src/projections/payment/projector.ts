import { reversalOf } from '../../domain/payment/refund.js';
import { isOneOf, type LedgerEvent, type Projection, type Queryable } from '../runtime/projection.js';
import { jsonRows } from '../runtime/rows.js';
import { ddl, indexes } from './table.js';

/** Payments and what was given back of them. A second credit of one payment breaks the primary key, and with it stops the ledger. */
export const payments: Projection = {
  name: 'payments',
  group: 'ledger',
  version: '3',
  tables: ['payments', 'refunds'],
  handles: ['payment-credited', 'payment-refunded', 'payment-refund-reversed', 'payment-taken-back'],
  ddl,
  indexes,
  async apply(tx, schema, events) {
    await insertPayments(tx, schema, events);
    await insertRefunds(tx, schema, events);
  },
};

const place = ({ position, recordedAt }: LedgerEvent) => ({
  position: position.toString(),
  recorded_at: recordedAt,
});

async function insertPayments(tx: Queryable, schema: string, events: readonly LedgerEvent[]): Promise<void> {
  const rows = events
    .filter((event) => isOneOf(event, 'payment-credited'))
    .map((event) => ({
      ...event.data,
      ...place(event),
      quota: event.data.quota.toString(),
      received_at: event.receivedAt,
    }));
  if (rows.length === 0) return;
  await tx.query(
    `INSERT INTO ${schema}.payments (payment_id, account_id, amount_usd, quota, credited_by, note, position, recorded_at, received_at)
     SELECT payment_id, account_id, amount_usd, quota, by, note, position, recorded_at, received_at
     FROM json_to_recordset($1) AS row (payment_id text, account_id uuid, amount_usd text, quota bigint, by text,
                                        note text, position bigint, recorded_at timestamptz, received_at timestamptz)`,
    [jsonRows(rows)],
  );
}

async function insertRefunds(tx: Queryable, schema: string, events: readonly LedgerEvent[]): Promise<void> {
  const rows = events.flatMap((event) => {
    if (isOneOf(event, 'payment-refunded'))
      return { ...event.data, ...place(event), quota: event.data.quota.toString() };
    if (isOneOf(event, 'payment-refund-reversed')) {
      const { refund_id, why: reason, amount_usd, quota, ...data } = event.data;
      const again = { amount_usd: `-${amount_usd}`, quota: (-quota).toString() };
      return { ...data, ...again, refund_id: reversalOf(refund_id), reason, ...place(event) };
    }
    if (!isOneOf(event, 'payment-taken-back')) return [];
    const { return_id: refund_id, kind: reason, quota, ...data } = event.data;
    return { ...data, refund_id, reason, ...place(event), quota: quota.toString() };
  });
  if (rows.length === 0) return;
  await tx.query(
    `INSERT INTO ${schema}.refunds (payment_id, refund_id, amount_usd, quota, reason, refunded_by, position, recorded_at)
     SELECT payment_id, refund_id, amount_usd, quota, reason, by, position, recorded_at
     FROM json_to_recordset($1) AS row (payment_id text, refund_id text, amount_usd text, quota bigint, reason text, by text,
                                        position bigint, recorded_at timestamptz)`,
    [jsonRows(rows)],
  );
}
