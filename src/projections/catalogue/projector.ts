import { isOneOf, type LedgerEvent, type Projection, type Queryable } from '../runtime/projection.js';
import { assertRows, jsonRows, storableText } from '../runtime/rows.js';
import { ddl } from './table.js';

/** What is on offer: every version of the price list, and the channels as they are. */
export const catalogue: Projection = {
  name: 'catalogue',
  group: 'ledger',
  version: '5',
  tables: ['price_lists', 'channels'],
  handles: [
    'price-list-published',
    'channel-configured',
    'channel-enabled',
    'channel-disabled',
    'channel-key-enabled',
    'channel-key-disabled',
  ],
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
    .filter((event) => isOneOf(event, 'price-list-published'))
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
  if (isOneOf(event, 'channel-configured')) {
    // A new channel is out of use until an event says otherwise; the domain always says which.
    await tx.query(
      `INSERT INTO ${schema}.channels (channel_id, settings, enabled, disabled, position)
       SELECT channel_id, settings, false, NULL, $2 FROM json_to_recordset($1) AS row (channel_id text, settings jsonb)
       ON CONFLICT (channel_id) DO UPDATE SET settings = excluded.settings, position = excluded.position`,
      [jsonRows([event.data]), event.position],
    );
  } else if (isOneOf(event, 'channel-enabled', 'channel-disabled')) {
    const disabled = event.type === 'channel-enabled' ? null : outOfUse(event.data);
    const { rowCount } = await tx.query(
      `UPDATE ${schema}.channels SET enabled = $2, disabled = $3, position = $4 WHERE channel_id = $1`,
      [event.data.channel_id, disabled === null, disabled, event.position],
    );
    assertRows('channels', rowCount, 1);
  } else if (isOneOf(event, 'channel-key-enabled', 'channel-key-disabled')) {
    const disabled = event.type === 'channel-key-enabled' ? 'null' : outOfUse(event.data);
    const { rowCount } = await tx.query(
      `UPDATE ${schema}.channels
       SET settings = jsonb_set(settings, '{keys}', (
             SELECT jsonb_agg(CASE WHEN key->>'id' = $2 THEN jsonb_set(key, '{disabled}', $3::jsonb) ELSE key END ORDER BY place)
             FROM jsonb_array_elements(settings->'keys') WITH ORDINALITY AS keys (key, place)
           )), position = $4
       WHERE channel_id = $1`,
      [event.data.channel_id, event.data.key_id, disabled, event.position],
    );
    assertRows('channels', rowCount, 1);
  }
}

const outOfUse = ({ reason, automatic }: { reason: string; automatic: boolean }): string =>
  JSON.stringify({ reason: storableText(reason), automatic });
