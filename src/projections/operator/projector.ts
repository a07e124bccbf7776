import { type LedgerEvent, type Projection, type Queryable } from '../runtime/projection.js';
import { assertRows, storableText } from '../runtime/rows.js';
import { ddl } from './table.js';

/** Who may administer, and as what. */
export const operators: Projection = {
  name: 'operators',
  group: 'ledger',
  version: '1',
  tables: ['operators'],
  handles: ['operator-created', 'operator-role-changed', 'operator-disabled', 'operator-enabled'],
  ddl,
  async apply(tx, schema, events) {
    // Few and rare: one statement an event keeps their order plain.
    for (const event of events) await applyOne(tx, `${schema}.operators`, event);
  },
};

async function applyOne(tx: Queryable, table: string, event: LedgerEvent): Promise<void> {
  switch (event.type) {
    case 'operator-created': {
      const { name, role, by } = event.data;
      await tx.query(
        `INSERT INTO ${table} (name, role, enabled, created_by, created_at, position) VALUES ($1, $2, true, $3, $4, $5)`,
        [name, role, storableText(by), event.recordedAt, event.position],
      );
      return;
    }
    case 'operator-role-changed':
      return change(tx, table, event.data.name, event.position, 'role', event.data.role);
    case 'operator-disabled':
    case 'operator-enabled':
      return change(tx, table, event.data.name, event.position, 'enabled', event.type === 'operator-enabled');
    default:
  }
}

async function change(
  tx: Queryable,
  table: string,
  name: string,
  position: bigint,
  column: 'role' | 'enabled',
  value: string | boolean,
): Promise<void> {
  const { rowCount } = await tx.query(`UPDATE ${table} SET ${column} = $2, position = $3 WHERE name = $1`, [
    name,
    value,
    position,
  ]);
  assertRows('operators', rowCount, 1);
}
