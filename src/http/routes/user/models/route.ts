import { z } from 'zod';
import { decimal, formatDecimal, multiply } from '../../../../domain/money/decimal.js';
import type { Price } from '../../../../domain/pricing/price.js';
import { type BoundEndpoint, endpoint, ownAccount } from '../../../endpoint.js';
import { exampleOfferedModel, offeredModel } from '../../public/offered-model.js';
import { presentPricing } from '../../public/pricing.js';

/** Ratio 1 is two dollars for a million tokens. */
const USD_PER_MILLION = decimal('2');
const dollars = z.string().meta({ description: 'for a million tokens, exact decimal text' });

const list = endpoint({
  method: 'get',
  area: 'user',
  path: '/models',
  access: 'person',
  operationId: 'listOwnModels',
  summary: 'List what you may call, and what it costs you',
  description: 'By name, each with its price in the list, and with the ratio of your group in it.',
  input: z.object({}),
  data: z.object({
    group: z.string(),
    group_ratio: z.string().meta({ description: 'exact decimal text' }),
    price_version: z.string(),
    models: z.array(
      offeredModel.extend({
        usd_per_million: z
          .object({ input: dollars, cached_input: dollars, output: dollars })
          .nullable()
          .meta({
            description: 'with the ratio of the group in it; null where a call has a price of its own',
          }),
      }),
    ),
  }),
  refusals: ['account_not_found'],
  example: {
    data: {
      group: 'default',
      group_ratio: '1',
      price_version: '7',
      models: [
        { ...exampleOfferedModel, usd_per_million: { input: '2.5', cached_input: '1.25', output: '10' } },
      ],
    },
  },
  handle: async (_, context) => {
    const [{ group }, catalogue] = await Promise.all([
      ownAccount(context).reads.account(),
      context.readModels.catalogue(),
    ]);
    const ratio = catalogue.groups.find(({ name }) => name === group)?.ratio ?? '1';
    return {
      data: {
        group,
        group_ratio: ratio,
        price_version: catalogue.priceVersion.toString(),
        models: presentPricing(catalogue, group).map((model) => ({
          ...model,
          usd_per_million: perMillion(model.price, ratio),
        })),
      },
    };
  },
});

function perMillion(price: Price, groupRatio: string) {
  if (price.per_call_usd !== null) return null;
  const plain = [USD_PER_MILLION, decimal(price.model_ratio), decimal(groupRatio)].reduce(multiply);
  const of = (ratio: string) => formatDecimal(multiply(plain, decimal(ratio)));
  return {
    input: formatDecimal(plain),
    cached_input: of(price.cache_ratio),
    output: of(price.completion_ratio),
  };
}

export const ownModelEndpoints: readonly BoundEndpoint[] = [list];
