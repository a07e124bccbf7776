import type { AccessKey } from './access/access-keys.js';
import type { CatalogueSnapshot } from './catalogue.js';
import { speaks } from './channels/upstream-types.js';
import type { DialectName } from './dialects/dialect-name.js';

/** Models that the key may call now in this dialect: of enabled channels for its group, with a price, within the key's own list; by name. */
export function callableModels(
  catalogue: CatalogueSnapshot,
  key: AccessKey,
  dialect: DialectName,
): readonly string[] {
  return catalogue
    .models(key.group)
    .filter((model) => key.models === undefined || key.models.has(model))
    .filter((model) => catalogue.channels(key.group, model).some((channel) => speaks(channel, dialect)));
}
