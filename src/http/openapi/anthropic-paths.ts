const failure = (description: string) => ({
  description,
  content: { 'application/json': { schema: { $ref: '#/components/schemas/AnthropicError' } } },
});

const failures = {
  400: failure('`invalid_request_error`; `dialect_not_supported`: the model is served in other dialects'),
  401: failure('`authentication_error`: `invalid_api_key`, `key_expired`, `key_disabled`'),
  402: failure(
    '`billing_error`, `insufficient_quota`: says how much was needed and how much is there; `x-should-retry: false`',
  ),
  403: failure('`permission_error`: `account_suspended`, `model_not_allowed`, `ip_not_allowed`'),
  404: failure('`not_found_error`: `model_not_found`'),
  413: failure('`request_too_large`'),
  429: failure('`rate_limit_error`, with `retry-after` and `anthropic-ratelimit-requests-…`'),
  502: failure('`api_error`: `upstream_unavailable`'),
  503: failure('`api_error`: `no_channel`, `ledger_unavailable`'),
  504: failure('`timeout_error`: `upstream_unavailable`'),
};

const versionHeaders = ['anthropic-version', 'anthropic-beta'].map((name) => ({
  name,
  in: 'header',
  required: false,
  description: 'passed to upstream unchanged',
  schema: { type: 'string' },
}));

const messagesBody = {
  required: true,
  content: {
    'application/json': {
      schema: { $ref: '#/components/schemas/MessagesRequest' },
      example: {
        model: 'claude-sonnet-4-6',
        max_tokens: 1000,
        messages: [{ role: 'user', content: '你好' }],
      },
    },
  },
};

/** The part of Anthropic's API that the relay speaks; it reads the members named here and passes the rest through. */
export const anthropicPaths = {
  '/v1/messages': {
    post: {
      tags: ['relay'],
      operationId: 'createMessage',
      summary: "Call a model in Anthropic's dialect; held, metered and charged",
      description:
        'The charge is durable before the last byte of the answer is sent. With `stream: true` the answer is a stream of server-sent events that ends with `message_stop`.',
      security: [{ accessKey: [] }],
      parameters: versionHeaders,
      requestBody: messagesBody,
      responses: {
        200: {
          description: 'The message',
          headers: {
            'request-id': { schema: { type: 'string' }, description: 'with which the charge is found again' },
            'x-counterfoil-charge': {
              schema: { type: 'integer' },
              description: 'quota, where it is known before the headers go',
            },
          },
          content: {
            'application/json': { schema: { $ref: '#/components/schemas/Message' } },
            'text/event-stream': { schema: { type: 'string' } },
          },
        },
        ...failures,
      },
    },
  },
  '/v1/messages/count_tokens': {
    post: {
      tags: ['relay'],
      operationId: 'countMessageTokens',
      summary: 'Count the tokens of a prompt; costs nothing',
      description:
        'The count of an upstream of this dialect where one gives it in time, else an estimate; the header `x-counterfoil-count` says which: `upstream` or `estimate`.',
      security: [{ accessKey: [] }],
      parameters: versionHeaders,
      requestBody: messagesBody,
      responses: {
        200: {
          description: 'The count',
          content: {
            'application/json': {
              schema: {
                type: 'object',
                required: ['input_tokens'],
                properties: { input_tokens: { type: 'integer' } },
              },
            },
          },
        },
        400: failures[400],
        401: failures[401],
        403: failures[403],
        404: failures[404],
        413: failures[413],
        429: failures[429],
        503: failures[503],
      },
    },
  },
};

export const anthropicSchemas = {
  AnthropicError: {
    type: 'object',
    required: ['type', 'error'],
    properties: {
      type: { type: 'string', const: 'error' },
      error: {
        type: 'object',
        required: ['type', 'message'],
        properties: {
          type: { type: 'string' },
          message: { type: 'string' },
          details: {
            type: 'object',
            properties: {
              error_code: { type: 'string' },
              needed: { type: 'integer', description: 'quota' },
              available: { type: 'integer', description: 'quota' },
            },
          },
        },
      },
      request_id: { type: ['string', 'null'] },
    },
  },
  MessagesRequest: {
    type: 'object',
    required: ['model', 'messages'],
    additionalProperties: true,
    properties: {
      model: { type: 'string' },
      messages: { type: 'array', minItems: 1, items: { type: 'object', additionalProperties: true } },
      max_tokens: { type: 'integer', minimum: 0, description: 'required for a message, not for a count' },
      stream: { type: 'boolean', default: false },
      thinking: { type: 'object', additionalProperties: true },
    },
  },
  Message: {
    type: 'object',
    required: ['content'],
    additionalProperties: true,
    properties: {
      id: { type: 'string' },
      type: { type: 'string', const: 'message' },
      model: { type: 'string' },
      content: { type: 'array', items: { type: 'object', additionalProperties: true } },
      stop_reason: { type: ['string', 'null'] },
      usage: { type: 'object', additionalProperties: true },
    },
  },
};
