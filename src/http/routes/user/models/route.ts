import { z } from 'zod';
import { type BoundEndpoint, endpoint, ownAccount } from '../../../endpoint.js';
import { exampleOfferedModel, offeredModel } from '../../public/offered-model.js';
import { presentPricing } from '../../public/pricing.js';

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
    models: z.array(offeredModel),
  }),
  refusals: ['account_not_found'],
  example: {
    data: {
      group: 'default',
      group_ratio: '1',
      price_version: '7',
      models: [exampleOfferedModel],
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
        models: presentPricing(catalogue, group),
      },
    };
  },
});

export const ownModelEndpoints: readonly BoundEndpoint[] = [list];
