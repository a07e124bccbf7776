import {
  type EndpointDocument,
  json,
  listOf,
  open,
  type ParameterDocument,
  shape,
  type Shapes,
  text,
  whole,
} from '../../document.js';
import { modelParameter } from '../document.js';

const alt: ParameterDocument = {
  name: 'alt',
  in: 'query',
  shape: { type: 'string', enum: ['json', 'sse'] },
  description: '`sse`: server-sent events instead of one growing JSON array; also as `$alt`',
};

const request = {
  shape: shape('GenerateContentRequest'),
  example: { contents: [{ parts: [{ text: '你好' }] }] },
};
const CHARGED = 'The answer; of a stream, the end comes when the charge is durable';

export const generateDocument: EndpointDocument = {
  operationId: 'generateContent',
  summary: 'Call a model; held, metered and charged',
  parameters: [modelParameter],
  request,
  answer: { description: CHARGED, content: json(shape('GenerateContentResponse')) },
  isCharged: true,
};

export const streamGenerateDocument: EndpointDocument = {
  operationId: 'streamGenerateContent',
  summary: 'Call a model, answered in pieces; held, metered and charged',
  parameters: [modelParameter, alt],
  request,
  answer: { description: CHARGED, content: json(listOf(shape('GenerateContentResponse')), true) },
  isCharged: true,
};

export const countTokensDocument: EndpointDocument = {
  operationId: 'countTokens',
  summary: 'Count the tokens of a prompt, free',
  parameters: [modelParameter],
  request,
  answer: { description: 'The count', content: json(open(['totalTokens'], { totalTokens: whole() })) },
  isCharged: false,
};

export const generateShapes: Shapes = {
  GenerateContentRequest: open(['contents'], {
    contents: listOf(shape('GeminiContent'), { minItems: 1 }),
    systemInstruction: shape('GeminiContent'),
    tools: listOf({ type: 'object', additionalProperties: true }),
    generationConfig: open([], {
      candidateCount: whole({ minimum: 1 }),
      maxOutputTokens: whole({ minimum: 1 }),
      responseMimeType: text,
    }),
  }),
  GenerateContentResponse: open([], {
    candidates: listOf(open([], { content: shape('GeminiContent'), finishReason: text, index: whole() })),
    usageMetadata: shape('GeminiUsage'),
    modelVersion: text,
  }),
};
