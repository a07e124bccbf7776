import { type Queryable, schemaOf } from '../../projections/runtime/projection.js';
import type { Finding } from './check.js';
import { compareTable } from './compare-table.js';
import type { Grants } from './fold/grants.js';
import type { Lots } from './fold/lots.js';

/** Grants, and what of each credit and grant is left. */
export async function checkGrants(tx: Queryable, grants: Grants, lots: Lots): Promise<readonly Finding[]> {
  const schema = schemaOf('grants');
  return [
    await compareTable(tx, {
      name: 'grants',
      table: `${schema}.grants`,
      keys: ['grant_id'],
      expected: grants.rows,
    }),
    await compareTable(tx, {
      name: 'lots',
      table: `${schema}.lots`,
      keys: ['position'],
      expected: lots.rows,
    }),
    await compareTable(tx, {
      name: 'debts',
      table: `${schema}.debts`,
      keys: ['account_id'],
      expected: lots.debts,
      accountOf: (accountId) => accountId,
    }),
    await compareTable(tx, {
      name: 'what was burned of grants',
      table: `${schema}.allocations`,
      keys: ['grant_id', 'position'],
      expected: lots.allocations,
    }),
  ];
}
