import {
  anything,
  type DialectDocument,
  type EndpointDocument,
  json,
  type ParameterDocument,
  text,
} from '../document.js';
import { openaiDocument } from '../openai/document.js';

/** What is said of such an endpoint; the shape of its answer is somebody else's, and only what clients read is in it. */
export const walletDocument = (
  operationId: string,
  summary: string,
  parameters?: readonly ParameterDocument[],
): EndpointDocument => ({
  operationId,
  summary,
  ...(parameters && { parameters }),
  answer: { description: 'As clients that ask for it read it', content: json(anything) },
  isCharged: false,
  failures: parameters ? [400, 401, 403, 404, 503] : [401, 403, 503],
});

export const generationParameters: readonly ParameterDocument[] = [
  { name: 'id', in: 'query', required: true, shape: text, description: 'the `x-request-id` of the call' },
];

/** What these endpoints answer where they refuse. */
export const newApiDocument: DialectDocument = {
  ...openaiDocument,
  error: {
    type: 'object',
    required: ['success', 'message'],
    properties: { success: { type: 'boolean', const: false }, message: text, code: text },
  },
};
