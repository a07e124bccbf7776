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
  '/v1/audio/speech': openaiCall({
    operationId: 'createSpeech',
    summary: 'Say a text',
    description:
      'The sound goes on as it comes; its last piece waits until the charge is durable. Charged by the characters of the text, or, where the model is priced by tokens, by an estimate of those from above.',
    request: 'SpeechRequest',
    answer: 'Sound',
    contentType: 'audio/*',
    example: { model: 'tts-1', input: 'Hello', voice: 'alloy' },
  }),
  '/v1/images/generations': openaiCall({
    operationId: 'createImage',
    summary: 'Draw pictures',
    description: 'Charged by picture (its size and quality), by tokens, or both, as the price list says.',
    request: 'ImageRequest',
    answer: 'Images',
    example: { model: 'gpt-image-1', prompt: 'a fox in the snow', size: '1024x1024', quality: 'low' },
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
  SpeechRequest: open(['model', 'input'], {
    model: { type: 'string' },
    input: { type: 'string' },
    voice: {},
    response_format: { type: 'string' },
    stream_format: { type: 'string', const: 'audio' },
  }),
  Sound: { type: 'string', format: 'binary' },
  ImageRequest: open(['model', 'prompt'], {
    model: { type: 'string' },
    prompt: { type: 'string' },
    n: { type: 'integer', minimum: 1, maximum: 16 },
    size: { type: 'string' },
    quality: { type: 'string' },
    stream: { type: 'boolean', const: false },
  }),
  Images: open(['data'], { data: list, usage: counts('input_tokens', 'output_tokens', 'total_tokens') }),
  Ranking: open([], { results: list, usage: counts('total_tokens') }),
};
