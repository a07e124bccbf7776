import type { Projection, Queryable } from '../runtime/projection.js';
import { jsonRows } from '../runtime/rows.js';
import { loggedEvents, logRowOf, type StoredRow } from './row.js';
import { ddl, partitionDdl } from './table.js';

/** A user's history: one row an event, partitioned by the month (UTC) in which the log recorded it. */
export const usageLog: Projection = {
  name: 'usage-log',
  group: 'ledger',
  version: '2',
  tables: ['log_rows'],
  handles: loggedEvents,
  ddl,
  async apply(tx, schema, events) {
    const rows = events.flatMap((event) => logRowOf(event) ?? []);
    await createPartitions(tx, schema, rows);
    await insert(tx, schema, rows);
  },
};

/** Once a month; asking first is cheap, and creating locks out readers. */
async function createPartitions(tx: Queryable, schema: string, rows: readonly StoredRow[]): Promise<void> {
  const months = new Set(
    rows.map(({ recorded_at }) => Date.UTC(recorded_at.getUTCFullYear(), recorded_at.getUTCMonth())),
  );
  for (const month of months) {
    const first = new Date(month);
    const name = `${schema}.log_rows_${first.toISOString().slice(0, 7).replace('-', '')}`;
    const { rows: found } = await tx.query<{ there: boolean }>(
      'SELECT to_regclass($1) IS NOT NULL AS there',
      [name],
    );
    if (!found[0]?.there) await tx.query(partitionDdl(schema, first));
  }
}

async function insert(tx: Queryable, schema: string, rows: readonly StoredRow[]): Promise<void> {
  await tx.query(
    `INSERT INTO ${schema}.log_rows (position, recorded_at, account_id, type, model, token_id, prompt_tokens, completion_tokens,
                                     spend, request_id, reference, stream, revision)
     SELECT position, recorded_at, account_id, type, model, token_id, prompt_tokens, completion_tokens, spend, request_id,
            reference, stream, revision
     FROM json_to_recordset($1) AS row (position bigint, recorded_at timestamptz, account_id uuid, type text, model text,
       token_id bigint, prompt_tokens bigint, completion_tokens bigint, spend bigint, request_id text,
       reference text, stream text, revision bigint)`,
    [jsonRows(rows)],
  );
}
