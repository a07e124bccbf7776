import { moneyEvents } from '../movement.js';
import type { Projection } from '../runtime/projection.js';
import { projectGrants } from './grants.js';
import { projectLots } from './keep-lots.js';
import { ddl, indexes } from './table.js';

/**
 * Grants, and the lots of all accounts: what of each credit and grant is left, as charges burn them in the order of the log. Charges
 * themselves know nothing of it.
 */
export const grants: Projection = {
  name: 'grants',
  group: 'ledger',
  version: '1',
  tables: ['grants', 'lots', 'debts', 'allocations'],
  handles: [...moneyEvents, 'grant-closed'],
  ddl,
  indexes,
  async apply(tx, schema, events) {
    await projectLots(tx, schema, events);
    await projectGrants(tx, schema, events);
  },
};
