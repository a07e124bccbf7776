import type { DialectName } from '../domain/usage/dialects.js';
import type { AccessKey } from './access/access-keys.js';
import { refuseModel } from './access/check-access.js';
import type { CatalogueSnapshot } from './catalogue.js';
import type { ListedModels } from './channels/health/listed-models.js';
import type { CallableModels } from './dialects/endpoint.js';
import { CallRefused } from './errors.js';
import { isConvertedFrom } from './conversions/conversion-to.js';
import { modelDetails } from './model-details.js';
import { speaks } from './upstreams/channel.js';

const MAX_NAME = 200;

/** What a key may call in a dialect, by the catalogue of one moment. */
export function callableModels(
  catalogue: CatalogueSnapshot,
  key: AccessKey,
  dialect: DialectName,
  listed: Pick<ListedModels, 'behind'>,
): CallableModels {
  const has = (model: string) =>
    model.length <= MAX_NAME &&
    key.allowsModel(model) &&
    catalogue
      .channels(key.group, model)
      .some((channel) => speaks(channel, dialect) || isConvertedFrom(channel, dialect));
  return {
    has,
    names: async () => {
      const named = catalogue.models(key.group).filter(has);
      // A name with a price of its own is there already.
      if (!catalogue.prices.hasPatterns) return named;
      const channels = catalogue.allChannels.filter(({ settings }) => settings.groups.includes(key.group));
      const behind = (await listed.behind(channels)).filter(has);
      return behind.length === 0 ? named : [...new Set([...named, ...behind])].sort();
    },
    checkPriced(model) {
      const refusal = refuseModel(key, model);
      if (refusal) throw new CallRefused(refusal);
      if (!catalogue.prices.has(model)) throw new CallRefused({ code: 'model_not_found', model });
    },
    maxOutputTokens: (model) => catalogue.prices.get(model)?.max_output_tokens,
    details: (model) => modelDetails(catalogue, key, model),
  };
}
