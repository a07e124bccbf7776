import { z } from 'zod';
import { accept, type Decider, type Decision, refuse, replay } from '../decider.js';
import { type Group, groupSchema, type Price, priceSchema } from '../pricing/price.js';
import { priceListEvents } from './events.js';
import { priceListFault } from './rules.js';
import { evolvePriceList, type PriceListEvent, type PriceListState } from './state.js';

export interface PublishPriceList {
  readonly prices: readonly Price[];
  readonly groups: readonly Group[];
  readonly by: string;
}

/** A list is one event, and an append carries 512 KiB. */
const MAX_LIST_BYTES = 480 * 1024;

function decide(command: PublishPriceList, state: PriceListState): Decision<PriceListEvent> {
  const prices = z.array(priceSchema).max(5000).safeParse(command.prices);
  const groups = z.array(groupSchema).max(200).safeParse(command.groups);
  const formFault =
    (prices.error && z.prettifyError(prices.error)) ?? (groups.error && z.prettifyError(groups.error));
  const fault = formFault ?? priceListFault(command.prices, command.groups) ?? oversize(command);
  if (fault !== undefined || !prices.success || !groups.success)
    return refuse({ code: 'price_list_invalid', detail: fault ?? 'not a price list' });
  if (state.version > 0 && isSameList(state, { prices: prices.data, groups: groups.data })) return replay();
  return accept({
    type: 'price-list-published',
    data: { version: state.version + 1, prices: prices.data, groups: groups.data, by: command.by },
  });
}

function oversize({ prices, groups }: PublishPriceList): string | undefined {
  const bytes = new TextEncoder().encode(JSON.stringify([prices, groups])).length;
  return bytes > MAX_LIST_BYTES ? `the list is larger than ${MAX_LIST_BYTES} bytes` : undefined;
}

/** Whether two lists charge alike. */
export const isSameList = (one: PriceEntries, other: PriceEntries): boolean =>
  canonical(one) === canonical(other);

type PriceEntries = Pick<PriceListState, 'prices' | 'groups'>;

/** The order of a list says nothing: two lists with the same entries are one. */
function canonical({ prices, groups }: PriceEntries): string {
  return JSON.stringify([prices.map(canonicalEntry).sort(), groups.map(canonicalEntry).sort()]);
}

/** Names in one order. What an entry does not state is left out, however that is written. */
function canonicalEntry(entry: Price | Group): string {
  return JSON.stringify(entry, (_, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
}

export const priceListDecider: Decider<PriceListState, PublishPriceList, PriceListEvent> = {
  initialState: () => ({ version: 0, prices: [], groups: [] }),
  evolve: evolvePriceList,
  decide,
  events: priceListEvents,
};
