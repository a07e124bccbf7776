import type { Price } from '../../domain/pricing/price.js';
import type { MeteredUsage } from './meter.js';

/** A call that is priced by the search is not free for want of a report: `likely` are those it takes where upstream says of none. */
export function withSearches(metered: MeteredUsage, likely: number | undefined, price: Price): MeteredUsage {
  const asked = price.per_call_usd === null && price.per_search_usd !== undefined;
  if (likely === undefined || !asked || metered.usage.searches > 0) return metered;
  return { ...metered, usage: { ...metered.usage, searches: likely }, basis: 'estimate' };
}
