import { createHash } from 'node:crypto';
import { z } from 'zod';
import { channelId } from '../domain/channel/events.js';
import { groupSchema, priceSchema, ratioText } from '../domain/pricing/price.js';

/** A ratio or a price: a number, or decimal text. Numbers count as the decimal that is written for them, never as a double. */
const ratio = z
  .union([z.number().min(0), z.string()])
  .transform((value) => (typeof value === 'number' ? decimalText(value) : value))
  .pipe(ratioText);

/** Names as a list, or as text with commas. */
const names = z
  .union([z.string(), z.array(z.string())])
  .transform((value) => (typeof value === 'string' ? value.split(',') : value))
  .transform((list) => list.map((name) => name.trim()).filter(Boolean))
  .pipe(z.array(z.string()).min(1));

const price = z
  .strictObject({
    model: z.string(),
    model_ratio: ratio.default('0'),
    completion_ratio: ratio.default('1'),
    cache_ratio: ratio.default('1'),
    cache_write_ratio: ratio.default('1'),
    per_call_usd: ratio.nullable().default(null),
    max_output_tokens: z.int().default(16_384),
  })
  .pipe(priceSchema);

/** A free model is priced 0 in so many words; a price forgotten must not be free. */
const statedPrice = z
  .looseObject({})
  .refine(
    (entry) => (entry.model_ratio ?? entry.per_call_usd ?? null) !== null,
    'needs a model_ratio or a per_call_usd',
  )
  .pipe(price);

const group = z.strictObject({ name: z.string(), ratio: ratio.default('1') }).pipe(groupSchema);

const channel = z.strictObject({
  /** Absent: made of the name. */
  id: channelId.optional(),
  name: z.string().min(1).max(100),
  type: z.enum(['openai']).default('openai'),
  base_url: z.url({ protocol: /^https?$/ }).max(500),
  api_key: z.string().min(1).max(4096),
  models: names,
  model_mapping: z.record(z.string(), z.string()).default({}),
  group: names.default(['default']),
  priority: z.int().default(0),
  weight: z.int().min(0).default(1),
  test_model: z.string().min(1).nullable().default(null),
  enabled: z.boolean().default(true),
});

export type BootstrapChannel = Omit<z.output<typeof channel>, 'id'> & { readonly id: string };

const DEFAULT_GROUP = { name: 'default', ratio: '1' };

/** What a bootstrap file may say. Unknown names are faults: a price under a misspelt name must not go unnoticed. */
export const bootstrapSchema = z
  .strictObject({
    prices: z.array(statedPrice).default([]),
    groups: z.array(group).default([DEFAULT_GROUP]),
    channels: z
      .array(
        channel.transform((entry): BootstrapChannel => ({ ...entry, id: entry.id ?? idOfName(entry.name) })),
      )
      .default([]),
  })
  .superRefine(({ prices, groups, channels }, context) => {
    const known = groups.map(({ name }) => name);
    const report = (path: (string | number)[], message: string) =>
      context.addIssue({ code: 'custom', path, message });
    if (!known.includes('default'))
      report(['groups'], 'the group "default", which every new account has, is missing');
    for (const index of repeated(prices.map(({ model }) => model)))
      report(['prices', index, 'model'], 'is listed twice');
    for (const index of repeated(known)) report(['groups', index, 'name'], 'is listed twice');
    for (const index of repeated(channels.map(({ id }) => id)))
      report(['channels', index, 'name'], 'is listed twice');
    for (const [index, { group }] of channels.entries()) {
      const unknown = group.find((name) => !known.includes(name));
      if (unknown !== undefined) report(['channels', index, 'group'], `no such group is listed: ${unknown}`);
    }
  });
export type Bootstrap = z.output<typeof bootstrapSchema>;

/** Shortest decimal text of a number, without an exponent. */
function decimalText(value: number): string {
  const text = String(value);
  if (!text.includes('e')) return text;
  return value.toFixed(20).replace(/\.?0+$/, '');
}

/** Readable where the name is plain ASCII; any other name still has one id, for ever. */
function idOfName(name: string): string {
  const plain = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 54)
    .replace(/-+$/, '');
  if (/^[\x20-\x7e]*$/.test(name) && plain !== '') return plain;
  const digest = createHash('sha256').update(name).digest('hex').slice(0, 8);
  return plain === '' ? `channel-${digest}` : `${plain}-${digest}`;
}

function repeated(keys: readonly string[]): number[] {
  return keys.flatMap((key, index) => (keys.indexOf(key) < index ? [index] : []));
}
