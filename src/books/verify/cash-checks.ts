import { type Queryable, schemaOf } from '../../projections/runtime/projection.js';
import type { Finding } from './check.js';
import { compareTable } from './compare-table.js';
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
    }),
    await compareTable(tx, {
      name: 'what became of the money of orders',
      table: `${schema}.cash_facts`,
      keys: ['order_id', 'kind', 'id'],
      expected: cash.facts,
    }),
    await compareTable(tx, {
      name: 'fees and payouts',
      table: `${schema}.cash_movements`,
      keys: ['cash_id'],
      expected: cash.movements,
    }),
    await compareTable(tx, {
      name: 'entries of money at providers',
      table: `${schema}.cash_entries`,
      keys: ['position'],
      expected: cash.entries,
    }),
    await compareTable(tx, {
      name: 'postings of money at providers',
      table: `${schema}.cash_postings`,
      keys: ['position', 'leg'],
      expected: cash.postings,
    }),
  ];
}
