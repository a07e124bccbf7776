import { z } from 'zod';
import { QUOTA_PER_USD } from '../../../domain/money/quota.js';
import { portalTerms } from '../../../domain/setting/portal.js';
import { dialectNames } from '../../../domain/usage/dialects.js';
import { relayRoutes } from '../../../relay/dialects/all.js';
import { VERSION } from '../../../support/version.js';
import type { OpenContext } from '../../area-contexts.js';
import { type BoundEndpoint, endpoint } from '../../endpoint.js';
import { text } from '../../fields.js';
import { estimateEndpoint } from './estimate.js';
import { outboxEndpoint } from './outbox.js';
import { exampleOfferedModel, offeredModel } from './offered-model.js';
import { endpointPaths, presentGroups, presentPricing } from './pricing.js';

/** Anybody may keep the answer for so long. */
const FRESH_SECONDS = 10;
const open = {
  method: 'get',
  area: 'open',
  access: 'anybody',
  refusals: [],
  freshSeconds: FRESH_SECONDS,
} as const;

const pricing = endpoint({
  ...open,
  path: '/pricing',
  operationId: 'pricing',
  summary: 'Show what is on offer at which price',
  description:
    'For price pages and desktop tools, in the shape they read: the models of enabled channels that have a price. A `group` shows only what it may call, in dollars at its ratios; charges are the price times the ratio of the group.',
  input: z.object({ group: text(1, 64).optional() }),
  data: z.array(offeredModel),
  beside: {
    group_ratio: z.record(z.string(), z.number()),
    usable_group: z.record(z.string(), z.string()),
    supported_endpoint: z.record(z.string(), z.object({ path: z.string(), method: z.string() })),
    pricing_version: z.string().meta({ description: 'of the price list' }),
  },
  example: {
    data: [exampleOfferedModel],
    beside: {
      group_ratio: { default: 1, vip: 0.5 },
      usable_group: { default: 'default', vip: 'vip' },
      supported_endpoint: endpointPaths,
      pricing_version: '7',
    },
  },
  handle: async ({ group }, { open: shown }) => {
    const catalogue = await shown.catalogue();
    return {
      data: presentPricing(catalogue, group),
      beside: {
        group_ratio: presentGroups(catalogue),
        usable_group: new Map(catalogue.groups.map(({ name }) => [name, name])),
        supported_endpoint: endpointPaths,
        pricing_version: catalogue.priceVersion.toString(),
      },
    };
  },
});

const status = endpoint({
  ...open,
  path: '/status',
  operationId: 'status',
  inDoubt: true,
  summary: 'Show what this is and how it is',
  description: '`degraded`: a part that is needed does not answer; `/readyz` says which to who operates it.',
  input: z.object({}),
  data: z.object({
    system_name: z.string().meta({ description: 'the setting `portal`: its name' }),
    version: z.string(),
    status: z.enum(['ok', 'degraded']),
    quota_per_unit: z.int().meta({ description: 'quota of one dollar' }),
    display_in_currency: z.boolean(),
    timezone: z.string().meta({ description: 'in which days begin' }),
    registration: z.object({
      open: z.boolean(),
      closed_because: z
        .enum(['closed', 'no_mail'])
        .nullable()
        .meta({ description: '`closed`: by who operates it; `no_mail`: no mail can be sent from here' }),
    }),
    portal: portalTerms.pick({ notice: true, links: true }),
    dialects: z.array(z.string()),
    endpoints: z.array(z.string()),
  }),
  example: {
    data: {
      system_name: 'Counterfoil',
      version: VERSION,
      status: 'ok',
      quota_per_unit: 500000,
      display_in_currency: true,
      timezone: 'Asia/Shanghai',
      registration: { open: true, closed_because: null },
      portal: {
        notice: null,
        links: [{ text: { zh: '服务条款', en: 'Terms' }, url: 'https://example.com/terms' }],
      },
      dialects: [...dialectNames],
      endpoints: ['POST /v1/chat/completions'],
    },
  },
  handle: async (_, { open: shown, settings }) => ({
    data: await presentStatus(shown, settings),
  }),
});

async function presentStatus(shown: OpenContext['open'], settings: OpenContext['settings']) {
  const [isWell, closed, portal] = await Promise.all([shown.isWell(), shown.closed(), shown.portal()]);
  return {
    system_name: portal.name,
    version: VERSION,
    status: isWell ? 'ok' : 'degraded',
    quota_per_unit: QUOTA_PER_USD,
    display_in_currency: true,
    timezone: settings.timezone,
    registration: { open: closed === undefined, closed_because: closed ?? null },
    portal: { notice: portal.notice, links: portal.links },
    dialects: Object.keys(endpointPaths),
    endpoints: [...new Set(relayRoutes.map(({ method, path }) => `${method} ${path}`))],
  };
}

export const publicEndpoints: readonly BoundEndpoint[] = [pricing, estimateEndpoint, status, outboxEndpoint];
