import {
  anything,
  type DialectDocument,
  type EndpointDocument,
  listOf,
  open,
  type ParameterDocument,
  shape,
  text,
  whole,
} from '../document.js';

/** What all of Gemini's endpoints have in common. */
export const geminiDocument: DialectDocument = {
  error: shape('GeminiError'),
  failures: {
    400: '`INVALID_ARGUMENT`; `FAILED_PRECONDITION` where the model is called in other dialects only',
    401: '`UNAUTHENTICATED`',
    402: '`FAILED_PRECONDITION`: `details` say how much was needed and how much is there',
    403: '`PERMISSION_DENIED`',
    404: '`NOT_FOUND`',
    413: '`INVALID_ARGUMENT`: the body is too large',
    429: '`RESOURCE_EXHAUSTED`, with `Retry-After` and a `RetryInfo`',
    502: '`UNAVAILABLE`',
    503: '`UNAVAILABLE`',
    504: '`DEADLINE_EXCEEDED`',
  },
  keys: ['geminiKey', 'geminiKeyInAddress', 'accessKey'],
  shapes: {
    GeminiError: {
      type: 'object',
      required: ['error'],
      properties: {
        error: {
          type: 'object',
          required: ['code', 'message', 'status'],
          properties: {
            code: whole(),
            message: text,
            status: { type: 'string', description: 'a name of google.rpc.Code' },
            details: listOf(
              { type: 'object' },
              { description: 'a `google.rpc.ErrorInfo` with our stable code, a `RetryInfo` where it helps' },
            ),
          },
        },
      },
    },
    GeminiModel: open(['name'], {
      name: text,
      displayName: text,
      outputTokenLimit: whole(),
      supportedGenerationMethods: listOf(text),
    }),
    GeminiContent: open(['parts'], {
      role: text,
      parts: listOf(anything, { description: 'texts, files, calls of functions and what came of them' }),
    }),
    GeminiUsage: open([], {
      promptTokenCount: whole(),
      cachedContentTokenCount: whole({ description: 'part of the prompt' }),
      candidatesTokenCount: whole(),
      thoughtsTokenCount: whole(),
      totalTokenCount: whole(),
    }),
  },
};

export const modelParameter: ParameterDocument = {
  name: 'model',
  in: 'path',
  required: true,
  shape: text,
  description: 'may hold slashes and colons',
};

const failures = [401, 403, 404, 503];

export const modelListDocument: EndpointDocument = {
  operationId: 'listGeminiModels',
  summary: 'List the models this key may call in this dialect',
  parameters: [
    { name: 'pageSize', in: 'query', shape: whole({ default: 50, maximum: 1000 }) },
    { name: 'pageToken', in: 'query', shape: text },
  ],
  answer: {
    description: 'The models',
    content: {
      'application/json': open(['models'], { models: listOf(shape('GeminiModel')), nextPageToken: text }),
    },
  },
  isCharged: false,
  failures,
};

export const modelDocument: EndpointDocument = {
  operationId: 'getGeminiModel',
  summary: 'One model',
  parameters: [modelParameter],
  answer: { description: 'The model', content: { 'application/json': shape('GeminiModel') } },
  isCharged: false,
  failures,
};
