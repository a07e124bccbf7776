import type { CatalogueView } from '../../../projections/catalogue/view.js';
import type { ChannelType } from '../../../domain/channel/settings.js';
import { servedAs } from '../../../domain/channel/models.js';
import { namesOnOffer } from '../../../domain/channel/offer.js';
import { groupRatioFor } from '../../../domain/pricing/group-ratio.js';
import { PriceBook } from '../../../domain/pricing/price-book.js';
import type { Price } from '../../../domain/pricing/price.js';
import { exact } from '../../present.js';
import { dollarsOf } from './dollars.js';

/** In which of the names that price pages know a kind of upstream is called. */
const endpointTypes: Readonly<Record<ChannelType, string>> = {
  openai: 'openai',
  'azure-openai': 'openai',
  anthropic: 'anthropic',
  gemini: 'gemini',
  bedrock: 'anthropic',
  vertex: 'gemini',
};

/** The paths behind those names. */
export const endpointPaths = {
  openai: { path: '/v1/chat/completions', method: 'POST' },
  anthropic: { path: '/v1/messages', method: 'POST' },
  gemini: { path: '/v1beta/models/{model}:generateContent', method: 'POST' },
} as const;

/** A price per call is of type 1 in the shape price pages read, everything else of type 0. */
const [BY_RATIO, BY_CALL] = [0, 1] as const;

/**
 * What is on offer: the models of enabled channels that have a price, by name, in the shape that price pages and desktop tools
 * read, each with its price as it is in the list.
 * @param group only what this group may call, in dollars at its ratios; undefined: everything, at the ratio 1
 */
export function presentPricing(catalogue: CatalogueView, group: string | undefined) {
  const { channels, groups, prices } = catalogue;
  const known = new Set(groups.map(({ name }) => name));
  const serving = channels
    .filter(({ enabled }) => enabled)
    .map(({ settings }) => ({ ...settings, groups: settings.groups.filter((name) => known.has(name)) }))
    .filter((settings) =>
      group === undefined ? settings.groups.length > 0 : settings.groups.includes(group),
    );
  const book = new PriceBook(prices);
  return [...namesOnOffer(book, serving)].sort().flatMap((model) => {
    const price = book.get(model);
    const by = serving.filter((settings) => servedAs(settings, model));
    return price && by.length > 0
      ? [{ ...presentModel(model, price, by), ...dollarsOf(price, ratioOf(catalogue, group, model)) }]
      : [];
  });
}

/** What somebody of a group pays who calls with a key of the same. */
export function ratioOf(
  { groups }: Pick<CatalogueView, 'groups'>,
  group: string | undefined,
  model: string,
): string {
  const found = groups.find(({ name }) => name === group);
  return found ? groupRatioFor(found, group, model).ratio : '1';
}

function presentModel(
  model: string,
  price: Price,
  by: readonly { readonly type: ChannelType; readonly groups: readonly string[] }[],
) {
  const perCall = price.per_call_usd;
  return {
    model_name: model,
    quota_type: perCall === null ? BY_RATIO : BY_CALL,
    model_ratio: exact(perCall === null ? price.model_ratio : '0'),
    model_price: exact(perCall ?? '0'),
    owner_by: '',
    completion_ratio: exact(price.completion_ratio),
    cache_ratio: exact(price.cache_ratio),
    create_cache_ratio: exact(price.cache_write_ratio),
    enable_groups: [...new Set(by.flatMap((settings) => settings.groups))].sort(),
    supported_endpoint_types: [...new Set(by.map(({ type }) => endpointTypes[type]))].sort(),
    price: { ...price, model },
  };
}

/** Name of a group -> its ratio. */
export const presentGroups = ({ groups }: CatalogueView): Map<string, unknown> =>
  new Map(groups.map(({ name, ratio }) => [name, exact(ratio)]));
