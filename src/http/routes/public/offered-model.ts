import { z } from 'zod';
import { priceSchema } from '../../../domain/pricing/price.js';
import { dollarFields } from './dollars.js';

// A model that is on offer: its shape, and one to look at.

export const offeredModel = z
  .object({
    model_name: z.string(),
    quota_type: z.literal([0, 1]).meta({ description: '0 by the ratios, 1 a price for each call' }),
    model_ratio: z.number().meta({ description: '1 is $0.002 per 1,000 tokens' }),
    model_price: z.number().meta({ description: 'dollars a call' }),
    owner_by: z.string(),
    completion_ratio: z.number(),
    cache_ratio: z.number(),
    create_cache_ratio: z.number(),
    enable_groups: z.array(z.string()),
    supported_endpoint_types: z.array(z.string()),
    ...dollarFields,
    price: priceSchema.meta({ description: 'as it is in the price list, exact' }),
  })
  .meta({ id: 'OfferedModel' });

/** For the document. */
export const exampleOfferedModel = {
  model_name: 'gpt-4o',
  quota_type: 0,
  model_ratio: 1.25,
  model_price: 0,
  owner_by: '',
  completion_ratio: 4,
  cache_ratio: 0.5,
  create_cache_ratio: 1,
  enable_groups: ['default', 'vip'],
  supported_endpoint_types: ['openai'],
  usd_per_million: { input: '2.5', cached_input: '1.25', output: '10' },
  usd_per_piece: {},
  price: {
    model: 'gpt-4o',
    model_ratio: '1.25',
    completion_ratio: '4',
    cache_ratio: '0.5',
    cache_write_ratio: '1',
    per_call_usd: null,
    max_output_tokens: 16384,
  },
};
