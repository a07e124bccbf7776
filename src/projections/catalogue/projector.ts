import { isOneOf, type LedgerEvent, type Projection, type Queryable } from '../runtime/projection.js';
import { assertRows, jsonRows } from '../runtime/rows.js';
import { ddl } from './table.js';

/** What is on offer: every version of the price list, and the channels as they are. */
export const catalogue: Projection = {
  name: 'catalogue',
  group: 'ledger',
  version: '1',
  tables: ['price_lists', 'channels'],
  handles: ['price-list-published.v1', 'channel-configured.v1', 'channel-enabled.v1', 'channel-disabled.v1'],
  ddl,
  async apply(tx, schema, events) {
    await insertPriceLists(tx, schema, events);
    // Few and rare: one statement an event keeps their order plain.
    for (const event of events) await applyToChannel(tx, schema, event);
  },
};

async function insertPriceLists(
  tx: Queryable,
  schema: string,
  events: readonly LedgerEvent[],
): Promise<void> {
  const rows = events
    .filter((event) => isOneOf(event, 'price-list-published.v1'))
    .map(({ data, position, recordedAt }) => ({
      ...data,
      position: position.toString(),
      recorded_at: recordedAt,
    }));
  if (rows.length === 0) return;
  await tx.query(
    `INSERT INTO ${schema}.price_lists (version, prices, groups, published_by, position, published_at)
     SELECT version, prices, groups, by, position, recorded_at
     FROM json_to_recordset($1) AS row (version bigint, prices jsonb, groups jsonb, by text, position bigint, recorded_at timestamptz)`,
    [jsonRows(rows)],
  );
}

async function applyToChannel(tx: Queryable, schema: string, event: LedgerEvent): Promise<void> {
  if (isOneOf(event, 'channel-configured.v1')) {
    // A new channel is out of use until an event says otherwise; the domain always says which.
    await tx.query(
      `INSERT INTO ${schema}.channels (channel_id, settings, enabled, position)
       SELECT channel_id, settings, false, $2 FROM json_to_recordset($1) AS row (channel_id text, settings jsonb)
       ON CONFLICT (channel_id) DO UPDATE SET settings = excluded.settings, position = excluded.position`,
      [jsonRows([event.data]), event.position],
    );
  } else if (isOneOf(event, 'channel-enabled.v1', 'channel-disabled.v1')) {
    const { rowCount } = await tx.query(
      `UPDATE ${schema}.channels SET enabled = $2, position = $3 WHERE channel_id = $1`,
      [event.data.channel_id, event.type === 'channel-enabled.v1', event.position],
    );
    assertRows('channels', rowCount, 1);
  }
}
