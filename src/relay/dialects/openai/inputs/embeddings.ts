import { z } from 'zod';
import { listAt } from '../../json/read.js';
import { inputEndpoint } from './request.js';
import { estimateInput } from './estimate.js';
import { inputUsage } from '../chat/usage.js';
import { embeddingsDocument } from './document.js';

/** `POST /v1/embeddings`. */
export const embeddings = inputEndpoint({
  path: '/embeddings',
  document: embeddingsDocument,
  schema: z.object({
    model: z.string().min(1).max(200),
    input: z.union([z.string(), z.array(z.unknown()).min(1)]),
  }),
  inputs: ['input'],
  estimate: ({ input }) => estimateInput(input),
  answer: {
    isCompletion: (payload) => Array.isArray(payload['data']),
    isEmpty: (payload) => listAt(payload['data']).length === 0,
    usageOf: inputUsage,
  },
});
