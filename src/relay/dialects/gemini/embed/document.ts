import { type EndpointDocument, json, listOf, open, shape, type Shapes, text } from '../../document.js';
import { modelParameter } from '../document.js';

const content = { parts: [{ text: '你好' }] };

export const embedDocument: EndpointDocument = {
  operationId: 'embedContent',
  summary: 'Embed a content; held, metered and charged',
  parameters: [modelParameter],
  request: { shape: shape('EmbedContentRequest'), example: { content } },
  answer: {
    description: 'The figures',
    content: json(open(['embedding'], { embedding: shape('GeminiEmbedding') })),
  },
  isCharged: true,
};

export const batchEmbedDocument: EndpointDocument = {
  operationId: 'batchEmbedContents',
  summary: 'Embed many contents; held, metered and charged',
  parameters: [modelParameter],
  request: {
    shape: open(['requests'], { requests: listOf(shape('EmbedContentRequest'), { minItems: 1 }) }),
    example: { requests: [{ model: 'models/text-embedding', content }] },
  },
  answer: {
    description: 'The figures of each, in their order',
    content: json(open(['embeddings'], { embeddings: listOf(shape('GeminiEmbedding')) })),
  },
  isCharged: true,
};

export const embedShapes: Shapes = {
  EmbedContentRequest: open(['content'], { model: text, content: shape('GeminiContent') }),
  GeminiEmbedding: open(['values'], { values: listOf({ type: 'number' }) }),
};
