import { copyInto, copyLine } from '../../postgres/copy.js';
import type { LedgerEvent, Projection, Queryable } from '../runtime/projection.js';
import { columns, loggedEvents, logRowOf } from './row.js';
import { ddl, indexes, partitionDdl } from './table.js';

/** A user's history: one row an event, partitioned by the month (UTC) in which the log recorded it. */
export const usageLog: Projection = {
  name: 'usage-log',
  group: 'ledger',
  version: '4',
  tables: ['log_rows'],
  handles: loggedEvents,
  ddl,
  indexes,
  async apply(tx, schema, events) {
    await createPartitions(tx, schema, events);
    let lines = '';
    for (const event of events) {
      const row = logRowOf(event);
      if (row) lines += copyLine(row);
    }
    await copyInto(tx, `${schema}.log_rows (${columns})`, lines);
  },
};

/** Once a month; asking first is cheap, and creating locks out readers. */
async function createPartitions(
  tx: Queryable,
  schema: string,
  events: readonly LedgerEvent[],
): Promise<void> {
  const months = new Set(
    events.map(({ recordedAt }) => Date.UTC(recordedAt.getUTCFullYear(), recordedAt.getUTCMonth())),
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
