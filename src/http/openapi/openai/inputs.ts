import { counts, open, openaiCall } from './operation.js';

const NOT_REPORTED = 'Where upstream reports no usage, the input is counted.';

export const inputPaths = {
  '/v1/embeddings': openaiCall({
    operationId: 'createEmbedding',
    summary: 'Embed texts',
    description: `Charged for the input. ${NOT_REPORTED}`,
    request: 'EmbeddingRequest',
    answer: 'Embeddings',
    example: { model: 'text-embedding-3-small', input: ['a text', 'another'] },
  }),
  '/v1/moderations': openaiCall({
    operationId: 'createModeration',
    summary: 'Ask whether texts or pictures may be shown',
    description: `Free where its model has the ratio 0. ${NOT_REPORTED}`,
    request: 'ModerationRequest',
    answer: 'Moderations',
    example: { input: 'a text' },
  }),
  '/v1/rerank': openaiCall({
    operationId: 'rerank',
    summary: 'Order documents by how well they answer a query',
    description: `In the shapes of Jina and of Cohere. ${NOT_REPORTED}`,
    request: 'RerankRequest',
    answer: 'Ranking',
    example: { model: 'jina-reranker-v2-base-multilingual', query: 'fox', documents: ['a dog', 'the fox'] },
  }),
};

const list = { type: 'array', items: { type: 'object', additionalProperties: true } };
const input = {
  oneOf: [{ type: 'string' }, { type: 'array', minItems: 1 }],
  description: 'a text, texts, the numbers of tokens, or parts',
};

export const inputSchemas = {
  EmbeddingRequest: open(['model', 'input'], { model: { type: 'string' }, input }),
  Embeddings: open(['data'], { data: list, usage: counts('prompt_tokens', 'total_tokens') }),
  ModerationRequest: open(['input'], {
    model: { type: 'string', default: 'omni-moderation-latest' },
    input,
  }),
  Moderations: open(['results'], { results: list }),
  RerankRequest: open(['model', 'query', 'documents'], {
    model: { type: 'string' },
    query: { oneOf: [{ type: 'string' }, { type: 'object' }] },
    documents: { type: 'array', minItems: 1, maxItems: 10_000 },
    top_n: { type: 'integer' },
  }),
  Ranking: open([], { results: list, usage: counts('total_tokens') }),
};
