import { createHash } from 'node:crypto';
import { z } from 'zod';
import { channelId } from '../domain/channel/events.js';
import { optionDefaults, proxyAddress, saidOptions } from '../domain/channel/settings.js';
import { groupInput, priceInput } from '../domain/price/input.js';

/** Names as a list, or as text with commas. */
const names = z
  .union([z.string(), z.array(z.string())])
  .transform((value) => (typeof value === 'string' ? value.split(',') : value))
  .transform((list) => list.map((name) => name.trim()).filter(Boolean));

const secret = z.string().min(1).max(4096);

const { groups, ...options } = saidOptions.shape;

/** One channel, as a file says it. */
export const bootstrapChannel = z
  .strictObject({
    ...options,
    /** Absent: made of the name. */
    id: channelId.optional(),
    /** One, or several. */
    api_key: secret.optional(),
    api_keys: z.array(secret).min(1).max(100).optional(),
    models: names.pipe(options.models),
    group: names.pipe(groups.unwrap()).default(optionDefaults.groups),
    proxy_url: proxyAddress.default(null),
    enabled: z.boolean().default(true),
  })
  .transform(({ api_key, api_keys, id, ...rest }, context) => {
    const secrets = api_keys ?? (api_key === undefined ? undefined : [api_key]);
    if (secrets === undefined || (api_keys && api_key !== undefined)) {
      context.addIssue({ code: 'custom', message: 'needs an api_key or a list of api_keys' });
      return z.NEVER;
    }
    return { ...rest, id: id ?? idOfName(rest.name), secrets };
  });

export type BootstrapChannel = z.output<typeof bootstrapChannel>;

const DEFAULT_GROUP = { name: 'default', ratio: '1' };

/** What a bootstrap file may say. Unknown names are faults: a price under a misspelt name must not go unnoticed. */
export const bootstrapSchema = z
  .strictObject({
    prices: z.array(priceInput).default([]),
    groups: z.array(groupInput).default([DEFAULT_GROUP]),
    channels: z.array(bootstrapChannel).default([]),
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
