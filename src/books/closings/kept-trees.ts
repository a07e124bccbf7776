import type { Queryable } from '../../projections/runtime/projection.js';
import { faultInTrees } from '../../transparency/liability/check-trees.js';
import { keptTotals } from '../../transparency/liability/sum-tables.js';
import type { CommittedLiability } from '../../domain/liability/state.js';
import { isAsCommitted } from './commitments.js';

/** What the kept trees of a closing are beside what the log says of it: undefined where they are that, from the leaves up. */
export async function faultInKept(
  db: Queryable,
  commitment: CommittedLiability,
): Promise<string | undefined> {
  const { as_of: asOf, entries } = commitment;
  const kept = await keptTotals(db, asOf);
  if (!kept) return 'they are not there';
  if (!isAsCommitted(kept, commitment) || kept.entries !== entries) return 'their totals';
  return faultInTrees(db, asOf, kept);
}
