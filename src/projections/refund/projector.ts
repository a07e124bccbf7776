import { isOneOf, type LedgerEvent, type Projection, type Queryable } from '../runtime/projection.js';
import { assertRows, jsonRows } from '../runtime/rows.js';
import { ddl, indexes } from './table.js';

/** Refunds at providers: how far each has come. What they take from accounts is among the refunds of payments. */
export const sentRefunds: Projection = {
  name: 'sent-refunds',
  group: 'ledger',
  version: '1',
  tables: ['sent_refunds'],
  handles: ['refund-requested', 'refund-sent', 'refund-succeeded', 'refund-failed'],
  ddl,
  indexes,
  async apply(tx, schema, events) {
    await insert(tx, schema, events);
    await update(tx, schema, events.flatMap(stepOf));
  },
};

async function insert(tx: Queryable, schema: string, events: readonly LedgerEvent[]): Promise<void> {
  const rows = events
    .filter((event) => isOneOf(event, 'refund-requested'))
    .map(({ data: { by: requested_by, amount_minor, ...data }, position, recordedAt }) => ({
      ...data,
      ...{ requested_by, amount_minor: amount_minor.toString() },
      ...{ position: position.toString(), requested_at: recordedAt },
    }));
  if (rows.length === 0) return;
  await tx.query(
    `INSERT INTO ${schema}.sent_refunds (refund_id, order_id, account_id, provider_id, provider_revision, provider_payment, currency,
                                         amount_minor, reason, requested_by, position, requested_at, status)
     SELECT row.*, 'requested'
     FROM json_to_recordset($1) AS row (refund_id text, order_id text, account_id uuid, provider_id text, provider_revision bigint,
                                        provider_payment text, currency text, amount_minor bigint, reason text, requested_by text,
                                        position bigint, requested_at timestamptz)`,
    [jsonRows(rows)],
  );
}

interface Step {
  readonly refund_id: string;
  readonly status: 'sent' | 'succeeded' | 'failed';
  readonly sent_at?: Date;
  readonly ended_at?: Date;
  readonly provider_refund?: string | null;
  readonly why?: string;
}

function stepOf(event: LedgerEvent): readonly Step[] {
  if (isOneOf(event, 'refund-sent'))
    return [{ refund_id: event.data.refund_id, status: 'sent', sent_at: event.recordedAt }];
  if (isOneOf(event, 'refund-succeeded')) {
    const { refund_id, provider_refund } = event.data;
    return [{ refund_id, status: 'succeeded', ended_at: event.recordedAt, provider_refund }];
  }
  if (!isOneOf(event, 'refund-failed')) return [];
  const { refund_id, why } = event.data;
  return [{ refund_id, status: 'failed', ended_at: event.recordedAt, why }];
}

/** The steps of one refund in a batch are one. */
async function update(tx: Queryable, schema: string, steps: readonly Step[]): Promise<void> {
  const merged = new Map<string, Step>();
  for (const step of steps) merged.set(step.refund_id, { ...merged.get(step.refund_id), ...step });
  if (merged.size === 0) return;
  const { rowCount } = await tx.query(
    `UPDATE ${schema}.sent_refunds r
     SET status = row.status, sent_at = coalesce(row.sent_at, r.sent_at), ended_at = row.ended_at,
         provider_refund = coalesce(row.provider_refund, r.provider_refund), why = row.why
     FROM json_to_recordset($1) AS row (refund_id text, status text, sent_at timestamptz, ended_at timestamptz, provider_refund text, why text)
     WHERE r.refund_id = row.refund_id`,
    [jsonRows([...merged.values()])],
  );
  assertRows('refunds at providers', rowCount, merged.size);
}
