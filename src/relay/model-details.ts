import type { ConvertibleProtocol } from '../domain/channel/conversion.js';
import { type Decimal, decimal, formatDecimal, multiply } from '../domain/money/decimal.js';
import { groupRatioFor } from '../domain/pricing/group-ratio.js';
import type { AccessKey } from './access/access-keys.js';
import type { CatalogueSnapshot } from './catalogue.js';
import { isTold } from './conversions/conversion-to.js';
import type { ModelDetails } from './dialects/model-details.js';

const TYPES: Readonly<Record<ConvertibleProtocol, string>> = {
  chat: 'openai',
  responses: 'openai-response',
  messages: 'anthropic',
  generate: 'gemini',
};

/** A token of ratio 1. */
const USD_PER_TOKEN = decimal('0.000002');

/** What a key's holder is shown of a model that it may call, by the catalogue of one moment. */
export function modelDetails(catalogue: CatalogueSnapshot, key: AccessKey, model: string): ModelDetails {
  const channels = catalogue.channels(key.group, model);
  const types = Object.entries(TYPES)
    .filter(([protocol]) => channels.some((channel) => isTold(channel, protocol as ConvertibleProtocol)))
    .map(([, type]) => type);
  const price = catalogue.prices.get(model);
  const group = catalogue.groups.get(key.group);
  const about = {
    endpointTypes: types,
    contextWindow: price?.context_window,
    maxOutputTokens: price?.max_output_tokens ?? 0,
    usdPerToken: undefined,
    usdPerCall: undefined,
  };
  if (!price || !group) return about;
  const ratio = decimal(groupRatioFor(group, key.view.accountGroup, model).ratio);
  const text = (...factors: readonly Decimal[]) => formatDecimal(factors.reduce(multiply));
  if (price.per_call_usd !== null) return { ...about, usdPerCall: text(decimal(price.per_call_usd), ratio) };
  const token = [USD_PER_TOKEN, ratio, decimal(price.model_ratio)];
  return {
    ...about,
    usdPerToken: {
      prompt: text(...token),
      completion: text(...token, decimal(price.completion_ratio)),
      cached: text(...token, decimal(price.cache_ratio)),
    },
  };
}
