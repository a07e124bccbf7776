import type { PriceBook } from '../pricing/price-book.js';
import type { ChannelSettings } from './settings.js';
import { servedAs } from './models.js';

type Serving = Pick<ChannelSettings, 'models' | 'model_mapping'>;

/** The models that these channels serve at a price, by name. Patterns are no names: what only patterns cover is not shown. */
export function namesOnOffer(prices: PriceBook, channels: readonly Serving[]): string[] {
  const names = new Set(prices.names);
  for (const { models, model_mapping } of channels) {
    for (const name of [...models, ...Object.keys(model_mapping)]) if (!name.includes('*')) names.add(name);
  }
  return [...names]
    .filter((name) => prices.has(name) && channels.some((channel) => servedAs(channel, name)))
    .sort();
}
