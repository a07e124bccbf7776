import type { MemberRow } from '../request-members/rows.js';
import { allowed, readBy, refused } from '../request-members/rows.js';
import { serviceTierRow } from '../request-members/service-tier.js';
import { nameModel, nameModels } from '../request-members/values.js';
import { objectAt } from '../json/read.js';

/** Tiers that cost what the price list says. */
const LIST_TIERS = ['auto', 'default', 'standard', 'on_demand'];

/** Members that chat and responses have in common, and those of services that speak their dialect. */
export const sharedRows: readonly MemberRow[] = [
  serviceTierRow(
    'service_tier',
    LIST_TIERS,
    '`priority`, `flex`, `batch` and `scale` by their ratio in `service_tier_ratios`; `auto` and `default` as upstream reports',
  ),
  allowed(['moderation'], {
    how: 'upstream judges prompt and answer with a model that it names',
    allowance: 'moderation',
    then: (value, asks) => nameModel(objectAt(value)?.['model'], asks),
  }),
  allowed(['models', 'fallbacks'], {
    how: 'of OpenRouter and others: models that may answer instead, at prices of their own',
    allowance: 'routing',
    then: nameModels,
  }),
  allowed(['route', 'provider', 'preset'], {
    how: 'of OpenRouter: who answers, and so at what price',
    allowance: 'routing',
  }),
  allowed(['plugins'], {
    how: 'of OpenRouter: searches, files that are read, and other things for money',
    allowance: 'plugins',
    then: (value, asks) => {
      // A plugin may work with a model of its own.
      for (const plugin of Array.isArray(value) ? value : [])
        nameModel(objectAt(plugin)?.['model'] ?? undefined, asks);
    },
  }),
  allowed(['search_parameters', 'search_options', 'enable_search'], {
    how: 'of xAI and Alibaba: searches in a unit that upstream does not report',
    allowance: 'plugins',
    harmless: [false],
  }),
  readBy('providerOptions', 'allowed', 'of gateways: their own routing, with models in it', (value, asks) => {
    asks.needs.push({ member: 'providerOptions', allowance: 'routing' });
    for (const options of Object.values(objectAt(value) ?? {}))
      nameModels(objectAt(options)?.['models'] ?? [], asks);
  }),
  refused(['deferred'], 'an answer that comes after its call could not be charged: leave it out.', [false]),
  refused(
    ['api_key', 'api_base', 'base_url', 'model_list'],
    'where a call goes is said by its model and key: leave it out.',
  ),
];
