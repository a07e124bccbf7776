import type { Change } from '../../books/audit/history.js';
import type { ActFilter, ActPlace } from '../../projections/act/query.js';

/** What operators did. */
export interface Acts {
  /** The newest first, before a place of the log; each with what it changed, whose sealed texts are opened. */
  list(
    filter: ActFilter,
    page: { readonly before?: bigint | undefined; readonly limit: number },
  ): Promise<readonly (ActPlace & { readonly change: Change })[]>;
  /** How many there are, counted up to `most` and one. */
  count(filter: ActFilter, most: number): Promise<number>;
}
