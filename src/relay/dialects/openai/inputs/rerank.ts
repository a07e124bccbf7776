import { z } from 'zod';
import { estimateNode } from '../../../metering/estimate-nodes.js';
import { type JsonObject, objectAt, optionalCountAt } from '../../json/read.js';
import { inputEndpoint } from './request.js';
import { media } from '../media.js';
import { inputUsage } from '../chat/usage.js';
import { rerankDocument } from './document.js';

const MAX_DOCUMENTS = 10_000;
/** Cohere's unit: a query with so many documents, of which one longer than 500 tokens counts as several. */
const DOCUMENTS_PER_SEARCH = 100;
/** Below that length, so that the query has room beside it. */
const TOKENS_PER_DOCUMENT = 250;

/**
 * `POST /v1/rerank`, which OpenAI does not have and everybody else calls so: the shapes of Jina and of Cohere. Models read the query again
 * with each document.
 */
export const rerank = inputEndpoint({
  path: '/rerank',
  document: rerankDocument,
  schema: z.object({
    model: z.string().min(1).max(200),
    query: z.union([z.string(), z.looseObject({})]),
    documents: z.array(z.unknown()).min(1).max(MAX_DOCUMENTS),
  }),
  inputs: ['query', 'documents'],
  estimate: ({ query, documents }) =>
    estimateNode(query, media) * documents.length + estimateNode(documents, media),
  searches: ({ documents: { length } }, tokens) => ({
    likely: Math.ceil(length / DOCUMENTS_PER_SEARCH),
    most: Math.ceil((length + tokens / TOKENS_PER_DOCUMENT) / DOCUMENTS_PER_SEARCH),
  }),
  answer: {
    isCompletion: (payload) => Array.isArray(payload['results']) || Array.isArray(payload['data']),
    usageOf: (payload) => {
      const usage = inputUsage(payload);
      return usage && { ...usage, searches: optionalCountAt(billedSearches(payload)) };
    },
    runsOf: (payload) => {
      const searches = billedSearches(payload);
      return isCount(searches) ? { searches } : undefined;
    },
  },
});

const billedSearches = (payload: JsonObject): unknown =>
  objectAt(objectAt(payload['meta'])?.['billed_units'])?.['search_units'];

const isCount = (value: unknown): value is number =>
  Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= MAX_DOCUMENTS;
