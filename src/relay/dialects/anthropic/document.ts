import {
  type DialectDocument,
  type EndpointDocument,
  json,
  listOf,
  open,
  shape,
  text,
  whole,
} from '../document.js';

/** What all of Anthropic's endpoints have in common. */
export const anthropicDocument: DialectDocument = {
  error: shape('AnthropicError'),
  failures: {
    400: '`invalid_request_error`; `dialect_not_supported`: the model is served in other dialects',
    401: '`authentication_error`: `invalid_api_key`, `key_expired`, `key_disabled`',
    402: '`billing_error`, `insufficient_quota`: says how much was needed and how much is there; `x-should-retry: false`',
    403: '`permission_error`: `account_suspended`, `model_not_allowed`, `ip_not_allowed`',
    404: '`not_found_error`: `model_not_found`',
    413: '`request_too_large`',
    429: '`rate_limit_error`, with `retry-after` and `anthropic-ratelimit-requests-…`',
    502: '`api_error`: `upstream_unavailable`',
    503: '`api_error`: `no_channel`, `ledger_unavailable`',
    504: '`timeout_error`: `upstream_unavailable`',
  },
  keys: ['accessKey'],
  shapes: {
    AnthropicError: {
      type: 'object',
      required: ['type', 'error'],
      properties: {
        type: { type: 'string', const: 'error' },
        error: {
          type: 'object',
          required: ['type', 'message'],
          properties: {
            type: text,
            message: text,
            details: {
              type: 'object',
              properties: {
                error_code: text,
                needed: whole({ description: 'quota' }),
                available: whole({ description: 'quota' }),
              },
            },
          },
        },
        request_id: { type: ['string', 'null'] },
      },
    },
    AnthropicModel: open(['type', 'id'], {
      type: { type: 'string', const: 'model' },
      id: text,
      display_name: text,
      created_at: text,
    }),
  },
};

/** These share their paths with OpenAI's, and are asked for by a header. */
export const modelListDocument: EndpointDocument = {
  operationId: 'listAnthropicModels',
  summary: 'List the models this key may call in this dialect',
  answer: {
    description: 'The models',
    content: json(
      open(['data', 'has_more'], {
        data: listOf(shape('AnthropicModel')),
        has_more: { type: 'boolean' },
        first_id: { type: ['string', 'null'] },
        last_id: { type: ['string', 'null'] },
      }),
    ),
  },
  isCharged: false,
};

export const modelDocument: EndpointDocument = {
  operationId: 'retrieveAnthropicModel',
  summary: 'One model',
  answer: { description: 'The model', content: json(shape('AnthropicModel')) },
  isCharged: false,
};
