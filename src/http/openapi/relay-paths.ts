const failure = (description: string) => ({
  description,
  content: { 'application/json': { schema: { $ref: '#/components/schemas/RelayError' } } },
});

const failures = {
  400: failure('`invalid_request_error`'),
  401: failure('`invalid_api_key`, `key_expired`, `key_disabled`'),
  402: failure(
    '`insufficient_quota`: says how much was needed and how much is there; `x-should-retry: false`',
  ),
  403: failure('`account_suspended`, `model_not_allowed`, `ip_not_allowed`'),
  404: failure('`model_not_found`'),
  413: failure('`request_too_large`'),
  429: failure('`rate_limit_exceeded`, with `Retry-After`'),
  502: failure('`upstream_unavailable`'),
  503: failure('`no_channel`, `ledger_unavailable`'),
  504: failure('`upstream_unavailable`'),
};

const chargeHeader = {
  'x-request-id': { schema: { type: 'string' }, description: 'with which the charge is found again' },
  'x-counterfoil-charge': {
    schema: { type: 'integer' },
    description: 'quota, where it is known before the headers go',
  },
};

/** The relay speaks OpenAI's dialect; it reads the members named here and passes the rest through. */
export const relayPaths = {
  '/v1/models': {
    get: {
      tags: ['relay'],
      operationId: 'listModels',
      summary: 'List the models this key may use',
      security: [{ accessKey: [] }],
      responses: {
        200: {
          description: 'The models',
          content: { 'application/json': { schema: { $ref: '#/components/schemas/ModelList' } } },
        },
        401: failures[401],
        403: failures[403],
        503: failures[503],
      },
    },
  },
  '/v1/chat/completions': {
    post: {
      tags: ['relay'],
      operationId: 'createChatCompletion',
      summary: 'Call a model; held, metered and charged',
      description:
        'The charge is durable before the last byte of the answer is sent. With `stream: true` the answer is a stream of server-sent events that ends with `data: [DONE]`.',
      security: [{ accessKey: [] }],
      requestBody: {
        required: true,
        content: {
          'application/json': {
            schema: { $ref: '#/components/schemas/ChatRequest' },
            example: { model: 'qwen-turbo', messages: [{ role: 'user', content: '你好' }] },
          },
        },
      },
      responses: {
        200: {
          description: 'The completion',
          headers: chargeHeader,
          content: {
            'application/json': { schema: { $ref: '#/components/schemas/ChatCompletion' } },
            'text/event-stream': { schema: { type: 'string' } },
          },
        },
        ...failures,
      },
    },
  },
};

export const relaySchemas = {
  RelayError: {
    type: 'object',
    required: ['error'],
    properties: {
      error: {
        type: 'object',
        required: ['message', 'type'],
        properties: {
          message: { type: 'string' },
          type: { type: 'string' },
          param: { type: ['string', 'null'] },
          code: { type: ['string', 'null'] },
        },
      },
    },
  },
  ModelList: {
    type: 'object',
    required: ['object', 'data'],
    properties: {
      object: { type: 'string', const: 'list' },
      data: {
        type: 'array',
        items: {
          type: 'object',
          required: ['id', 'object'],
          properties: { id: { type: 'string' }, object: { type: 'string', const: 'model' } },
        },
      },
    },
  },
  ChatRequest: {
    type: 'object',
    required: ['model', 'messages'],
    additionalProperties: true,
    properties: {
      model: { type: 'string' },
      messages: { type: 'array', minItems: 1, items: { type: 'object', additionalProperties: true } },
      stream: { type: 'boolean', default: false },
      stream_options: { type: 'object', properties: { include_usage: { type: 'boolean' } } },
      max_tokens: { type: 'integer', minimum: 1 },
      max_completion_tokens: { type: 'integer', minimum: 1 },
      n: { type: 'integer', minimum: 1 },
    },
  },
  ChatCompletion: {
    type: 'object',
    required: ['choices'],
    additionalProperties: true,
    properties: {
      id: { type: 'string' },
      object: { type: 'string', const: 'chat.completion' },
      model: { type: 'string' },
      choices: { type: 'array', items: { type: 'object', additionalProperties: true } },
      usage: {
        type: 'object',
        properties: {
          prompt_tokens: { type: 'integer' },
          completion_tokens: { type: 'integer' },
          total_tokens: { type: 'integer' },
        },
      },
    },
  },
};
