const failure = (description: string) => ({
  description,
  content: { 'application/json': { schema: { $ref: '#/components/schemas/GeminiError' } } },
});

const failures = {
  400: failure('`INVALID_ARGUMENT`; `FAILED_PRECONDITION` where the model is called in other dialects only'),
  401: failure('`UNAUTHENTICATED`'),
  402: failure('`FAILED_PRECONDITION`: `details` say how much was needed and how much is there'),
  403: failure('`PERMISSION_DENIED`'),
  404: failure('`NOT_FOUND`'),
  413: failure('`INVALID_ARGUMENT`: the body is too large'),
  429: failure('`RESOURCE_EXHAUSTED`, with `Retry-After` and a `RetryInfo`'),
  502: failure('`UNAVAILABLE`'),
  503: failure('`UNAVAILABLE`'),
  504: failure('`DEADLINE_EXCEEDED`'),
};

const security = [{ geminiKey: [] }, { geminiKeyInAddress: [] }, { accessKey: [] }];
const model = {
  name: 'model',
  in: 'path',
  required: true,
  schema: { type: 'string' },
  description: 'may hold slashes and colons',
};
const alt = {
  name: 'alt',
  in: 'query',
  schema: { type: 'string', enum: ['json', 'sse'] },
  description: '`sse`: server-sent events instead of one growing JSON array; also as `$alt`',
};

const object = (required: readonly string[]) => ({
  type: 'object',
  required,
  additionalProperties: true,
});

interface Call {
  readonly operationId: string;
  readonly summary: string;
  readonly required: readonly string[];
  readonly example: object;
  readonly isCharged: boolean;
  readonly streamed?: boolean;
}

function post({ operationId, summary, required, example, isCharged, streamed }: Call): object {
  const content = {
    'application/json': { schema: streamed ? { type: 'array', items: object([]) } : object([]) },
    ...(streamed ? { 'text/event-stream': { schema: { type: 'string' } } } : {}),
  };
  return {
    post: {
      tags: ['relay'],
      operationId,
      summary,
      security,
      parameters: streamed ? [model, alt] : [model],
      requestBody: {
        required: true,
        content: { 'application/json': { schema: object(required), example } },
      },
      responses: {
        200: {
          description: isCharged
            ? 'The answer; of a stream, the end comes when the charge is durable'
            : 'The answer',
          content,
        },
        ...failures,
      },
    },
  };
}

function get(operationId: string, summary: string, parameters: readonly object[]): object {
  const { 401: unauthenticated, 403: denied, 404: unknown, 503: away } = failures;
  return {
    get: {
      tags: ['relay'],
      operationId,
      summary,
      security,
      parameters,
      responses: {
        200: { description: 'Found', content: { 'application/json': { schema: object([]) } } },
        401: unauthenticated,
        403: denied,
        404: unknown,
        503: away,
      },
    },
  };
}

const generate = { required: ['contents'], example: { contents: [{ parts: [{ text: '你好' }] }] } };
const embed = { content: { parts: [{ text: '你好' }] } };

/** The relay in Gemini's dialect; it reads the members that decide route and charge, and passes the rest through. */
export const geminiPaths = {
  '/v1beta/models': get('listGeminiModels', 'List the models this key may call in this dialect', [
    { name: 'pageSize', in: 'query', schema: { type: 'integer', default: 50, maximum: 1000 } },
    { name: 'pageToken', in: 'query', schema: { type: 'string' } },
  ]),
  '/v1beta/models/{model}': get('getGeminiModel', 'One model', [model]),
  '/v1beta/models/{model}:generateContent': post({
    operationId: 'generateContent',
    summary: 'Call a model; held, metered and charged',
    isCharged: true,
    ...generate,
  }),
  '/v1beta/models/{model}:streamGenerateContent': post({
    operationId: 'streamGenerateContent',
    summary: 'Call a model, answered in pieces; held, metered and charged',
    isCharged: true,
    streamed: true,
    ...generate,
  }),
  '/v1beta/models/{model}:countTokens': post({
    operationId: 'countTokens',
    summary: 'Count the tokens of a prompt, free',
    isCharged: false,
    ...generate,
  }),
  '/v1beta/models/{model}:embedContent': post({
    operationId: 'embedContent',
    summary: 'Embed a content; held, metered and charged',
    required: ['content'],
    example: embed,
    isCharged: true,
  }),
  '/v1beta/models/{model}:batchEmbedContents': post({
    operationId: 'batchEmbedContents',
    summary: 'Embed many contents; held, metered and charged',
    required: ['requests'],
    example: { requests: [{ model: 'models/text-embedding', ...embed }] },
    isCharged: true,
  }),
};

export const geminiSchemas = {
  GeminiError: {
    type: 'object',
    required: ['error'],
    properties: {
      error: {
        type: 'object',
        required: ['code', 'message', 'status'],
        properties: {
          code: { type: 'integer' },
          message: { type: 'string' },
          status: { type: 'string', description: 'a name of google.rpc.Code' },
          details: {
            type: 'array',
            items: { type: 'object' },
            description: 'a `google.rpc.ErrorInfo` with our stable code, a `RetryInfo` where it helps',
          },
        },
      },
    },
  },
};

export const geminiSecuritySchemes = {
  geminiKey: { type: 'apiKey', in: 'header', name: 'x-goog-api-key' },
  geminiKeyInAddress: {
    type: 'apiKey',
    in: 'query',
    name: 'key',
    description: 'never logged, never sent on; but whatever stands before the service may log addresses',
  },
};
