import { z } from 'zod';
import { estimateNode } from '../../metering/estimate-nodes.js';
import { inputEndpoint } from './input-endpoint.js';
import { media } from './media.js';
import { inputUsage } from './usage.js';

const MAX_DOCUMENTS = 10_000;

/**
 * `POST /v1/rerank`, which OpenAI does not have and everybody else calls so: the shapes of Jina and of Cohere. Models read the query again
 * with each document.
 */
export const rerank = inputEndpoint({
  path: '/rerank',
  schema: z.object({
    model: z.string().min(1).max(200),
    query: z.union([z.string(), z.looseObject({})]),
    documents: z.array(z.unknown()).min(1).max(MAX_DOCUMENTS),
  }),
  inputs: ['query', 'documents'],
  estimate: ({ query, documents }) =>
    estimateNode(query, media) * documents.length + estimateNode(documents, media),
  answer: {
    isCompletion: (payload) => Array.isArray(payload['results']) || Array.isArray(payload['data']),
    usageOf: inputUsage,
  },
});
