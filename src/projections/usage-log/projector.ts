import { copyInto, copyLine } from '../../postgres/copy.js';
import type { Projection, Queryable } from '../runtime/projection.js';
import { loggedEvents, logRowOf, type StoredRow } from './row.js';
import { ddl, indexes, partitionDdl } from './table.js';

/** A user's history: one row an event, partitioned by the month (UTC) in which the log recorded it. */
export const usageLog: Projection = {
  name: 'usage-log',
  group: 'ledger',
  version: '2',
  tables: ['log_rows'],
  handles: loggedEvents,
  ddl,
  indexes,
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

const COLUMNS =
  'position, recorded_at, account_id, type, model, token_id, prompt_tokens, completion_tokens, spend, request_id, reference, stream, revision';

async function insert(tx: Queryable, schema: string, rows: readonly StoredRow[]): Promise<void> {
  if (rows.length > 0) await copyInto(tx, `${schema}.log_rows (${COLUMNS})`, rows.map(lineOf).join(''));
}

const lineOf = (row: StoredRow): string =>
  copyLine([
    row.position,
    row.recorded_at.toISOString(),
    row.account_id,
    row.type,
    row.model,
    row.token_id,
    row.prompt_tokens,
    row.completion_tokens,
    row.spend,
    row.request_id,
    row.reference,
    row.stream,
    row.revision,
  ]);
