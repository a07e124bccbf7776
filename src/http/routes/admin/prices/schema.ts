import { z } from 'zod';
import { groupSchema, priceSchema } from '../../../../domain/pricing/price.js';

const MOST_PRICES = 5000;
const DEFAULTS = {
  completion_ratio: '1',
  cache_ratio: '1',
  cache_write_ratio: '1',
  per_call_usd: null,
  max_output_tokens: 16_384,
};

/** Ratios and dollars may be JSON numbers: they count as the decimal that is written for them. */
function decimalTexts(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(decimalTexts);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name,
      /(^|_)(ratio|usd)$/.test(name) && typeof member === 'number' ? plain(member) : decimalTexts(member),
    ]),
  );
}

function plain(value: number): string {
  const text = String(value);
  return text.includes('e') ? value.toFixed(20).replace(/\.?0+$/, '') : text;
}

/** A free model is priced 0 in so many words; a price forgotten must not be free. */
const isStated = (entry: object): boolean =>
  Object.entries(entry).some(
    ([name, member]) => (name === 'model_ratio' || /^per_\w+_usd$/.test(name)) && (member ?? null) !== null,
  );

const priceInput = z
  .looseObject({})
  .refine(isStated, 'needs a model_ratio or a price of its units')
  .transform((entry) => decimalTexts({ model_ratio: '0', ...DEFAULTS, ...entry }))
  .pipe(priceSchema.strict())
  .meta(documented(priceSchema));
const groupInput = z
  .looseObject({})
  .transform(decimalTexts)
  .pipe(groupSchema.strict())
  .meta(documented(groupSchema));

/** The shape it is kept in, for the document: what is left out has a default. */
function documented(schema: z.ZodObject): Record<string, unknown> {
  const generated: Record<string, unknown> = z.toJSONSchema(schema, { io: 'input' });
  const { properties } = generated;
  return { type: 'object', properties };
}

export const publishInput = z.object({
  base_version: z.int().min(0).meta({ description: 'the version that was changed; 0 before the first list' }),
  prices: z.array(priceInput).max(MOST_PRICES),
  groups: z.array(groupInput).max(200),
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
export const publishData = z.object({
  version: z.int().meta({ description: 'in force now' }),
  published: z.boolean(),
  models: entries,
  groups: entries,
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
