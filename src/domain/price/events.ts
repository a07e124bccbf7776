// Stored format: names and fields below are in logs for ever. A change of shape is a new version with an upcaster.
import { z } from 'zod';
import { actorField } from '../stored/fields.js';
import { groupSchema, priceSchema } from '../pricing/price.js';

export const priceListEvents = {
  /**
   * A published list is a version and replaces the one before it whole: prices of models and ratios of groups.
   * v2: prices of further kinds of tokens and of units, tiers, and special ratios of groups; all of them optional. v3: prices of searches in
   * files and of machines for code, and the context window; all of them optional.
   */
  'price-list-published': z.object({
    version: z.int().min(1),
    prices: z.array(priceSchema).max(5000),
    groups: z.array(groupSchema).max(200),
    by: actorField,
  }),
};
