import { type Queryable, schemaOf } from '../../projections/runtime/projection.js';
import type { Finding } from './check.js';
import { column, compareTable } from './compare-table.js';
import type { Cash } from './fold/cash.js';

/** Money as providers have it, and the part of the journal that moves no balance. */
export async function checkCash(tx: Queryable, cash: Cash): Promise<readonly Finding[]> {
  const schema = schemaOf('cash');
  return [
    await compareTable(tx, {
      name: 'money of orders at providers',
      table: `${schema}.cash_orders`,
      keys: ['order_id'],
      expected: cash.orderRows(),
      keyOf: column('order_id'),
    }),
    await compareTable(tx, {
      name: 'what became of the money of orders',
      table: `${schema}.cash_facts`,
      keys: ['order_id', 'kind', 'id'],
      expected: cash.facts,
      keyOf: ({ order_id, kind, id }) => `${String(order_id)} ${String(kind)} ${String(id)}`,
    }),
    await compareTable(tx, {
      name: 'fees and payouts',
      table: `${schema}.cash_movements`,
      keys: ['cash_id'],
      expected: cash.movements,
      keyOf: column('cash_id'),
    }),
    await compareTable(tx, {
      name: 'entries of money at providers',
      table: `${schema}.cash_entries`,
      keys: ['position'],
      expected: cash.entries,
      keyOf: column('position'),
    }),
    await compareTable(tx, {
      name: 'postings of money at providers',
      table: `${schema}.cash_postings`,
      keys: ['position', 'leg'],
      expected: cash.postings,
      keyOf: ({ position, leg }) => `${String(position)} ${String(leg)}`,
    }),
  ];
}
