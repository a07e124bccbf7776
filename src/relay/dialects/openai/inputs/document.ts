import {
  anything,
  CHARGED_ANSWER,
  counts,
  type EndpointDocument,
  json,
  listOf,
  open,
  shape,
  type Shapes,
  text,
  whole,
} from '../../document.js';

const NOT_REPORTED = 'Where upstream reports no usage, the input is counted.';

export const embeddingsDocument: EndpointDocument = {
  operationId: 'createEmbedding',
  summary: 'Embed texts',
  description: `Charged for the input. ${NOT_REPORTED}`,
  request: {
    shape: shape('EmbeddingRequest'),
    example: { model: 'text-embedding-3-small', input: ['a text', 'another'] },
  },
  answer: { description: CHARGED_ANSWER, content: json(shape('Embeddings')) },
  isCharged: true,
};

export const moderationsDocument: EndpointDocument = {
  operationId: 'createModeration',
  summary: 'Ask whether texts or pictures may be shown',
  description: `Free where its model has the ratio 0. ${NOT_REPORTED}`,
  request: { shape: shape('ModerationRequest'), example: { input: 'a text' } },
  answer: { description: CHARGED_ANSWER, content: json(shape('Moderations')) },
  isCharged: true,
};

export const rerankDocument: EndpointDocument = {
  operationId: 'rerank',
  summary: 'Order documents by how well they answer a query',
  description: `In the shapes of Jina and of Cohere. ${NOT_REPORTED}`,
  request: {
    shape: shape('RerankRequest'),
    example: { model: 'jina-reranker-v2-base-multilingual', query: 'fox', documents: ['a dog', 'the fox'] },
  },
  answer: { description: CHARGED_ANSWER, content: json(shape('Ranking')) },
  isCharged: true,
};

const input = {
  oneOf: [text, { type: 'array', minItems: 1 }],
  description: 'a text, texts, the numbers of tokens, or parts',
};

export const inputShapes: Shapes = {
  EmbeddingRequest: open(['model', 'input'], { model: text, input }),
  Embeddings: open(['data'], { data: listOf(anything), usage: counts('prompt_tokens', 'total_tokens') }),
  ModerationRequest: open(['input'], { model: { type: 'string', default: 'omni-moderation-latest' }, input }),
  Moderations: open(['results'], { results: listOf(anything) }),
  RerankRequest: open(['model', 'query', 'documents'], {
    model: text,
    query: { oneOf: [text, { type: 'object' }] },
    documents: { type: 'array', minItems: 1, maxItems: 10_000 },
    top_n: whole(),
  }),
  Ranking: open([], { results: listOf(anything), usage: counts('total_tokens') }),
};
