import { callOfDoubt } from '../../domain/adjustment/doubt.js';
import { isOneOf, type LedgerEvent, type Projection, type Queryable } from '../runtime/projection.js';
import { jsonRows } from '../runtime/rows.js';
import { ddl, indexes } from './table.js';

/** Calls whose reported usage could not be believed, and how that was settled. Most batches have none. */
export const doubts: Projection = {
  name: 'doubts',
  group: 'ledger',
  version: '1',
  tables: ['doubts'],
  handles: ['consumption-recorded', 'consumption-corrected', 'balance-adjusted', 'doubt-accepted'],
  ddl,
  indexes,
  async apply(tx, schema, events) {
    await insertDoubts(tx, schema, events);
    await settleDoubts(tx, schema, events);
  },
};

async function insertDoubts(tx: Queryable, schema: string, events: readonly LedgerEvent[]): Promise<void> {
  const rows: object[] = [];
  for (const event of events) {
    const doubted = doubtedCall(event);
    if (!doubted) continue;
    const { position, recordedAt: recorded_at } = event;
    rows.push({ ...doubted, quota: doubted.quota.toString(), position: position.toString(), recorded_at });
  }
  if (rows.length === 0) return;
  await tx.query(
    `INSERT INTO ${schema}.doubts (call_id, account_id, request_id, token_id, model, prompt_tokens, completion_tokens, quota, reason,
                                   reported, position, recorded_at)
     SELECT call_id, account_id, request_id, token_id, model, prompt_tokens, completion_tokens, quota, reason, reported, position, recorded_at
     FROM json_to_recordset($1) AS row (call_id uuid, account_id uuid, request_id text, token_id bigint, model text, prompt_tokens bigint,
                                        completion_tokens bigint, quota bigint, reason text, reported text, position bigint,
                                        recorded_at timestamptz)`,
    [jsonRows(rows)],
  );
}

/** A charge that came too late is a correction, and may be in doubt like any other. */
function doubtedCall(event: LedgerEvent) {
  if (!isOneOf(event, 'consumption-recorded', 'consumption-corrected') || !event.data.doubt) return undefined;
  const { call_id, account_id, token_id, model, quota } = event.data;
  const call = { call_id, account_id, token_id, model, quota };
  if (event.type === 'consumption-corrected') return { ...call, ...event.data.doubt };
  const { request_id, usage, doubt } = event.data;
  const { prompt_tokens, completion_tokens } = usage;
  return { ...call, request_id, prompt_tokens, completion_tokens, ...doubt };
}

async function settleDoubts(tx: Queryable, schema: string, events: readonly LedgerEvent[]): Promise<void> {
  const rows: object[] = [];
  for (const event of events) {
    if (!isOneOf(event, 'balance-adjusted', 'doubt-accepted')) continue;
    const call_id = callOfDoubt(event.data.adjustment_id);
    if (call_id === undefined) continue;
    const adjusted = event.type === 'balance-adjusted' ? event.data.quota.toString() : '0';
    const { account_id, reason, by } = event.data;
    rows.push({ call_id, account_id, adjusted, reason, by, settled_at: event.recordedAt });
  }
  if (rows.length === 0) return;
  // As text: ids like it could be given by hand before they had a meaning, and settle nothing.
  await tx.query(
    `UPDATE ${schema}.doubts d
     SET adjusted = row.adjusted, settled_by = row.by, settled_because = row.reason, settled_at = row.settled_at
     FROM json_to_recordset($1) AS row (call_id text, account_id uuid, adjusted bigint, reason text, by text, settled_at timestamptz)
     WHERE d.call_id::text = row.call_id AND d.account_id = row.account_id`,
    [jsonRows(rows)],
  );
}
