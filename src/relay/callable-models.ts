import type { AccessKey } from './access/access-keys.js';
import type { CatalogueSnapshot } from './catalogue.js';
import { speaks } from './upstreams/channel.js';
import type { DialectName } from '../domain/usage/dialects.js';

const MAX_NAME = 200;

/** Models that the key may call now in this dialect, by name, as far as they have one: what only a wildcard covers is not told. */
export function callableModels(
  catalogue: CatalogueSnapshot,
  key: AccessKey,
  dialect: DialectName,
): readonly string[] {
  return catalogue.models(key.group).filter((model) => isCallable(catalogue, key, dialect, model));
}

/** Whether the key may call this model now: of enabled channels for its group that speak the dialect, with a price, within the key's own list. */
export function isCallable(
  catalogue: CatalogueSnapshot,
  key: AccessKey,
  dialect: DialectName,
  model: string,
): boolean {
  if (model.length > MAX_NAME || !key.allowsModel(model)) return false;
  return catalogue.channels(key.group, model).some((channel) => speaks(channel, dialect));
}
