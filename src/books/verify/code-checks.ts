import { type Queryable, schemaOf } from '../../projections/runtime/projection.js';
import type { Finding } from './check.js';
import { compareTable } from './compare-table.js';
import type { Codes } from './fold/codes.js';

/** Batches of codes, and what became of each code. */
export async function checkCodes(tx: Queryable, { batches, codes }: Codes): Promise<readonly Finding[]> {
  const schema = schemaOf('codes');
  return [
    await compareTable(tx, {
      name: 'batches of codes',
      table: `${schema}.code_batches`,
      keys: ['batch_id'],
      expected: batches,
    }),
    await compareTable(tx, {
      name: 'codes',
      table: `${schema}.codes`,
      keys: ['code_hash'],
      expected: codes,
    }),
  ];
}
