import { z } from 'zod';
import { groupInput, priceInput } from '../../../../domain/price/input.js';
import { groupSchema, priceSchema } from '../../../../domain/pricing/price.js';

const MOST_PRICES = 5000;
/** The shape it is kept in, for the document: what is left out has a default. */
function documented(schema: z.ZodObject): Record<string, unknown> {
  const generated: Record<string, unknown> = z.toJSONSchema(schema, { io: 'input' });
  const { properties } = generated;
  return { type: 'object', properties };
}

export const publishInput = z.object({
  base_version: z.int().min(0).meta({ description: 'the version that was changed; 0 before the first list' }),
  prices: z.array(priceInput.meta(documented(priceSchema))).max(MOST_PRICES),
  groups: z.array(groupInput.meta(documented(groupSchema))).max(200),
  dry_run: z.boolean().default(false).meta({ description: 'only show what would change' }),
});

export const listData = z.object({
  version: z.int(),
  prices: z.array(priceSchema),
  groups: z.array(groupSchema),
});

const names = z.array(z.string());
const entries = z.object({
  added: names,
  removed: names,
  changed: z.array(
    z.object({
      name: z.string(),
      fields: z.record(z.string(), z.object({ before: z.unknown(), after: z.unknown() })),
    }),
  ),
});
const recomputed = z.object({
  from: z.int().meta({ description: 'unix seconds' }),
  calls: z.int(),
  omitted_calls: z.int().meta({ description: 'older ones since then, which were not looked at' }),
  charged_quota: z.int(),
  recomputed_quota: z.int(),
  models: z.array(
    z.object({
      model: z.string(),
      calls: z.int(),
      charged_quota: z.int().meta({ description: 'as it was charged, of calls that the new list can price' }),
      recomputed_quota: z.int(),
      unpriced_calls: z.int().meta({ description: 'of a model or group that the new list does not know' }),
    }),
  ),
});
export const publishData = z.object({
  version: z.int().meta({ description: 'in force now' }),
  published: z.boolean(),
  models: entries,
  groups: entries,
  recomputed: recomputed.nullable().meta({
    description: 'of a dry run: what the calls of the last seven days would have cost by this list',
  }),
});

const version = {
  version: z.int(),
  published_by: z.string(),
  published_at: z.int().meta({ description: 'unix seconds' }),
  position: z.int().meta({ description: 'in the log' }),
  models: z.int(),
  groups: z.int(),
};
export const versionsData = z.object({
  versions: z.array(z.object(version)),
  next_before: z.int().nullable(),
});
export const versionData = z.object({
  ...version,
  prices: z.array(priceSchema),
  group_ratios: z.array(groupSchema),
});
