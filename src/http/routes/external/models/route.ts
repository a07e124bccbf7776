import { z } from 'zod';
import { endpoint } from '../../../endpoint.js';
import { text } from '../../../fields.js';
import { exampleOfferedModel, offeredModel } from '../../public/offered-model.js';
import { presentPricing } from '../../public/pricing.js';

export const modelsEndpoint = endpoint({
  method: 'get',
  path: '/models',
  access: 'read',
  operationId: 'listOfferedModels',
  summary: 'List what is on offer',
  description:
    'The models of enabled channels that have a price, by name; with `group` those that it may call. What a balance buys of each is in the stats of its user.',
  input: z.object({ group: text(1, 64).optional() }),
  data: z.array(offeredModel),
  refusals: [],
  example: { data: [exampleOfferedModel] },
  handle: async ({ group }, { readModels }) => ({
    data: presentPricing(await readModels.catalogue(), group),
  }),
});
