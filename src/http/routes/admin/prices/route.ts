import { z } from 'zod';
import type { Recomputed } from '../../../../books/prices/recompute.js';
import { diffOfLists } from '../../../../domain/price/diff.js';
import { priceListDecider } from '../../../../domain/price/decide.js';
import type { PriceVersion } from '../../../../projections/catalogue/versions.js';
import { accepted, type BoundEndpoint, catalogueChanged, endpoint } from '../../../endpoint.js';
import { HttpFailure } from '../../../failure.js';
import { refused } from '../../../refusals.js';
import { pageInput, seconds } from '../paging.js';
import { listData, publishData, publishInput, versionData, versionsData } from './schema.js';

const price = {
  model: 'gpt-4o',
  model_ratio: '1.25',
  completion_ratio: '4',
  cache_ratio: '0.5',
  cache_write_ratio: '1',
  per_call_usd: null,
  max_output_tokens: 16384,
};
const groups = [
  { name: 'default', ratio: '1' },
  { name: 'vip', ratio: '0.5' },
];
const version = {
  version: 7,
  published_by: 'operator:alice',
  published_at: 1795219200,
  position: 4711,
  models: 1,
  groups: 2,
};
const nothing = { added: [], removed: [], changed: [] };

const current = endpoint({
  method: 'get',
  area: 'admin',
  path: '/prices',
  access: 'prices:read',
  operationId: 'adminShowPrices',
  summary: 'Show the price list in force',
  description: 'Prices of models and ratios of groups; the whole list is one version.',
  input: z.object({}),
  data: listData,
  refusals: [],
  example: { data: { version: 7, prices: [price], groups } },
  handle: async (_, { readModels }) => {
    const { priceVersion, prices, groups: ratios } = await readModels.catalogue();
    return { data: { version: priceVersion, prices, groups: ratios } };
  },
});

const publish = endpoint({
  method: 'post',
  area: 'admin',
  path: '/prices',
  access: 'prices:write',
  freshProof: true,
  operationId: 'adminPublishPrices',
  summary: 'Publish a new price list, or see what it would change',
  description:
    'The list replaces the one in force whole; calls under way keep the one they were held under. `base_version` is the list that was changed: when another one was published meanwhile, nothing is, and `price_list_moved` says which is in force. A dry run also says what the calls of the last seven days, at most the newest 20,000, would have cost by the new list.',
  input: publishInput,
  data: publishData,
  refusals: ['price_list_invalid', 'price_list_moved'],
  example: {
    request: { base_version: 7, prices: [price], groups, dry_run: true },
    data: {
      version: 7,
      published: false,
      models: {
        ...nothing,
        changed: [{ name: 'gpt-4o', fields: { model_ratio: { before: '1.5', after: '1.25' } } }],
      },
      groups: nothing,
      recomputed: {
        from: 1794614400,
        calls: 120,
        omitted_calls: 0,
        charged_quota: 60000,
        recomputed_quota: 50000,
        models: [
          { model: 'gpt-4o', calls: 120, charged_quota: 60000, recomputed_quota: 50000, unpriced_calls: 0 },
        ],
      },
    },
  },
  handle: async ({ base_version, dry_run, prices, groups: ratios }, context) => {
    const { commands, meta, readModels } = context;
    const before = await readModels.catalogue();
    const list = { prices, groups: ratios };
    const diff = diffOfLists(before, list);
    if (dry_run) {
      if (base_version !== before.priceVersion)
        throw refused({ code: 'price_list_moved', version: before.priceVersion });
      const state = { version: before.priceVersion, prices: before.prices, groups: before.groups };
      const decision = priceListDecider.decide({ ...list, by: meta.actor }, state);
      if (decision.kind === 'refused') throw refused(decision.refusal);
      const recomputed = presentRecomputed(await context.admin.recompute(list));
      return { data: { version: before.priceVersion, published: false, ...diff, recomputed } };
    }
    const result = accepted(await commands.publishPriceList({ ...list, baseVersion: base_version }, meta));
    await catalogueChanged(context, result.position);
    const published = { version: result.value.version, published: !result.replayed };
    return { data: { ...published, ...diff, recomputed: null }, replayed: result.replayed };
  },
});

const sumOf = (models: Recomputed['models'], of: 'charged' | 'recomputed') =>
  models.reduce((sum, model) => sum + model[of], 0n);

const presentRecomputed = ({ from, calls, omitted, models }: Recomputed) => ({
  from: seconds(from),
  calls,
  omitted_calls: omitted,
  charged_quota: sumOf(models, 'charged'),
  recomputed_quota: sumOf(models, 'recomputed'),
  models: models.map(({ model, calls: ofModel, charged, recomputed, unpriced }) => ({
    model,
    calls: ofModel,
    charged_quota: charged,
    recomputed_quota: recomputed,
    unpriced_calls: unpriced,
  })),
});

const present = (view: PriceVersion) => ({
  version: view.version,
  published_by: view.publishedBy,
  published_at: seconds(view.publishedAt),
  position: view.position,
  models: view.models,
  groups: view.groups,
});

const versions = endpoint({
  method: 'get',
  area: 'admin',
  path: '/prices/versions',
  access: 'prices:read',
  operationId: 'adminListPriceVersions',
  summary: 'List every price list that was ever published',
  description: 'The newest first.',
  input: z.object({
    before: pageInput.after
      .removeDefault()
      .optional()
      .meta({ type: 'integer', description: '`next_before` of the page before' }),
    limit: pageInput.limit,
  }),
  data: versionsData,
  refusals: [],
  example: { data: { versions: [version], next_before: null } },
  handle: async ({ before = Number.MAX_SAFE_INTEGER, limit }, { admin }) => {
    const found = await admin.reads.priceVersions({ before, limit });
    // Versions are numbered without gaps from 1.
    const last = found.at(-1)?.version ?? 1;
    return { data: { versions: found.map(present), next_before: last > 1 ? last : null } };
  },
});

const shown = endpoint({
  method: 'get',
  area: 'admin',
  path: '/prices/versions/{version}',
  access: 'prices:read',
  operationId: 'adminShowPriceVersion',
  summary: 'Show a price list as it was published',
  description: 'Every charge names the version it was computed under.',
  input: z.object({
    version: z
      .string()
      .regex(/^[1-9]\d{0,8}$/)
      .transform(Number)
      .meta({ type: 'integer', minimum: 1 }),
  }),
  data: versionData,
  refusals: [],
  failures: [[404, 'price_version_not_found', '价格表版本不存在']],
  example: { data: { ...version, prices: [price], group_ratios: groups } },
  handle: async ({ version: wanted }, { admin }) => {
    const found = await admin.reads.priceList(wanted);
    if (!found)
      throw new HttpFailure({
        status: 404,
        code: 'price_version_not_found',
        text: { zh: '价格表版本不存在', en: 'No such version of the price list' },
      });
    return { data: { ...present(found), prices: found.prices, group_ratios: found.groupRatios } };
  },
});

export const priceEndpoints: readonly BoundEndpoint[] = [current, publish, versions, shown];
