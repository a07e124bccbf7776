import type { EventIn } from '../stored/event-in.js';
import type { Group, Price } from '../pricing/price.js';
import type { priceListEvents } from './events.js';

export type PriceListEvent = EventIn<typeof priceListEvents>;

/** Version 0 and empty before the first list. */
export interface PriceListState {
  readonly version: number;
  readonly prices: readonly Price[];
  readonly groups: readonly Group[];
}

export function evolvePriceList(_state: PriceListState, { data }: PriceListEvent): PriceListState {
  return { version: data.version, prices: data.prices, groups: data.groups };
}
