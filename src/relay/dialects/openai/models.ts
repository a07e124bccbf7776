import type { AccessKey } from '../../access/access-keys.js';
import type { CatalogueSnapshot } from '../../catalogue.js';

export interface Model {
  readonly id: string;
  readonly object: 'model';
  readonly created: number;
  readonly owned_by: string;
}

/** Models that the key may call now: of enabled channels for its group, with a price, within the key's own list; by name. */
export function modelsFor(catalogue: CatalogueSnapshot, key: AccessKey): readonly Model[] {
  return catalogue
    .models(key.group)
    .filter((id) => key.models === undefined || key.models.has(id))
    .map((id) => ({ id, object: 'model', created: 0, owned_by: 'counterfoil' }));
}
