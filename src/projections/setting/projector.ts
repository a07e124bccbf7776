import { isOneOf, type Projection } from '../runtime/projection.js';
import { jsonRows } from '../runtime/rows.js';
import { ddl } from './table.js';

/** The settings that were changed while the service ran; all others are what the environment says. */
export const settings: Projection = {
  name: 'settings',
  group: 'ledger',
  version: '1',
  tables: ['settings'],
  handles: ['setting-changed'],
  ddl,
  async apply(tx, schema, events) {
    const last = new Map<string, object>();
    for (const event of events) {
      if (!isOneOf(event, 'setting-changed')) continue;
      const { data, position, recordedAt: changed_at } = event;
      last.set(data.key, { ...data, position: position.toString(), changed_at });
    }
    await tx.query(
      `INSERT INTO ${schema}.settings (key, value, changed_by, position, changed_at)
       SELECT key, coalesce(value, 'null'), by, position, changed_at
       FROM json_to_recordset($1) AS row (key text, value jsonb, by text, position bigint, changed_at timestamptz)
       ON CONFLICT (key) DO UPDATE SET value = excluded.value, changed_by = excluded.changed_by, position = excluded.position,
         changed_at = excluded.changed_at`,
      [jsonRows([...last.values()])],
    );
  },
};
