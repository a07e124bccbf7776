import { z } from 'zod';
import { accept, type Decider, type Decision, refuse, replay } from '../decider.js';
import { type Group, groupSchema, type Price, priceSchema } from '../pricing/price.js';
import { priceListEvents } from './events.js';
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
  const fault =
    (prices.error && z.prettifyError(prices.error)) ??
    (groups.error && z.prettifyError(groups.error)) ??
    duplicate(
      'model',
      command.prices.map(({ model }) => model),
    ) ??
    duplicate(
      'group',
      command.groups.map(({ name }) => name),
    ) ??
    oversize(command);
  if (fault !== undefined || !prices.success || !groups.success)
    return refuse({ code: 'price_list_invalid', detail: fault ?? 'not a price list' });
  if (state.version > 0 && canonical(state) === canonical({ prices: prices.data, groups: groups.data }))
    return replay();
  return accept({
    type: 'price-list-published.v1',
    data: { version: state.version + 1, prices: prices.data, groups: groups.data, by: command.by },
  });
}

function duplicate(what: string, names: readonly string[]): string | undefined {
  const seen = new Set<string>();
  const twice = names.find((name) => seen.size === seen.add(name).size);
  return twice === undefined ? undefined : `${what} ${JSON.stringify(twice)} is listed twice`;
}

function oversize({ prices, groups }: PublishPriceList): string | undefined {
  const bytes = new TextEncoder().encode(JSON.stringify([prices, groups])).length;
  return bytes > MAX_LIST_BYTES ? `the list is larger than ${MAX_LIST_BYTES} bytes` : undefined;
}

/** The order of a list says nothing: two lists with the same entries are one. */
function canonical({ prices, groups }: Pick<PriceListState, 'prices' | 'groups'>): string {
  const models = prices.map((price) =>
    JSON.stringify([
      price.model,
      price.model_ratio,
      price.completion_ratio,
      price.cache_ratio,
      price.cache_write_ratio,
      price.per_call_usd,
      price.max_output_tokens,
    ]),
  );
  return JSON.stringify([
    models.sort(),
    groups.map(({ name, ratio }) => JSON.stringify([name, ratio])).sort(),
  ]);
}

export const priceListDecider: Decider<PriceListState, PublishPriceList, PriceListEvent> = {
  initialState: () => ({ version: 0, prices: [], groups: [] }),
  evolve: evolvePriceList,
  decide,
  events: priceListEvents,
};
