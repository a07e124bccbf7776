import { z } from 'zod';
import { usdOfQuota } from '../../../domain/money/quota.js';
import { charge } from '../../../domain/pricing/charge.js';
import { ratesFor } from '../../../domain/pricing/rates.js';
import { usageFrom } from '../../../domain/pricing/usage.js';
import { wholeText } from '../../cursor.js';
import { endpoint, type FailureRow } from '../../endpoint.js';
import { HttpFailure } from '../../failure.js';
import { text } from '../../fields.js';
import { presentPricing, ratioOf } from './pricing.js';

const NOT_FOUND: FailureRow = [404, 'model_not_found', '没有该模型'];
const MOST_TOKENS = 1_000_000_000;

const tokens = wholeText(0, MOST_TOKENS).meta({ type: 'integer', minimum: 0, maximum: MOST_TOKENS });

/** By the function that charges calls, so that what is said before is what is charged after. */
export const estimateEndpoint = endpoint({
  method: 'get',
  area: 'open',
  access: 'anybody',
  freshSeconds: 10,
  path: '/pricing/estimate',
  operationId: 'estimate',
  summary: 'Show what a call would cost',
  description: 'Tokens alone, none of them from a cache; a model that is sold by the call costs one.',
  input: z.object({
    model: text(1, 200),
    group: text(1, 64),
    prompt_tokens: tokens,
    completion_tokens: tokens,
  }),
  data: z.object({
    quota: z.int(),
    usd: z.string().meta({ description: 'exact dollars of `quota`' }),
    price_version: z.string(),
  }),
  refusals: [],
  failures: [NOT_FOUND],
  example: { data: { quota: 17500, usd: '0.035', price_version: '7' } },
  handle: async ({ model, group, ...counts }, { open }) => {
    const catalogue = await open.catalogue();
    const price = presentPricing(catalogue, group).find(({ model_name }) => model_name === model)?.price;
    if (!price) throw notFound();
    const usage = usageFrom(counts);
    const { quota } = charge(ratesFor(price, counts.prompt_tokens), ratioOf(catalogue, group, model), usage);
    return {
      data: { quota, usd: usdOfQuota(quota), price_version: catalogue.priceVersion.toString() },
    };
  },
});

function notFound(): HttpFailure {
  const [status, code, zh] = NOT_FOUND;
  return new HttpFailure({ status, code, text: { zh, en: 'This group is offered no model of this name' } });
}
