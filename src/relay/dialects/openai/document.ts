import {
  type DialectDocument,
  type EndpointDocument,
  listOf,
  type ParameterDocument,
  shape,
  text,
} from '../document.js';

/** What all of OpenAI's endpoints have in common. */
export const openaiDocument: DialectDocument = {
  error: shape('RelayError'),
  failures: {
    400: '`invalid_request_error`; `dialect_not_supported`: the model is served in other dialects',
    401: '`invalid_api_key`, `key_expired`, `key_disabled`',
    402: '`insufficient_quota`: says how much was needed and how much is there; `x-should-retry: false`',
    403: '`account_suspended`, `model_not_allowed`, `ip_not_allowed`',
    404: '`model_not_found`',
    413: '`request_too_large`',
    429: '`rate_limit_exceeded`, with `Retry-After`',
    502: '`upstream_unavailable`',
    503: '`no_channel`, `ledger_unavailable`',
    504: '`upstream_unavailable`',
  },
  keys: ['accessKey'],
  shapes: {
    RelayError: {
      type: 'object',
      required: ['error'],
      properties: {
        error: {
          type: 'object',
          required: ['message', 'type'],
          properties: {
            message: text,
            type: text,
            param: { type: ['string', 'null'] },
            code: { type: ['string', 'null'] },
          },
        },
      },
    },
    ModelList: {
      type: 'object',
      required: ['object', 'data'],
      properties: { object: { type: 'string', const: 'list' }, data: listOf(shape('Model')) },
    },
    Model: {
      type: 'object',
      required: ['id', 'object'],
      properties: {
        id: text,
        object: { type: 'string', const: 'model' },
        created: { type: 'integer' },
        owned_by: text,
        supported_endpoint_types: listOf(text),
        context_length: { type: ['integer', 'null'], description: 'tokens; null: not known' },
        max_output_tokens: { type: 'integer' },
        pricing: {
          type: 'object',
          description: 'US dollars a token, and a call in `request`, as this key is charged; decimal texts',
          properties: { prompt: text, completion: text, input_cache_read: text, request: text },
        },
      },
    },
  },
};

const model: ParameterDocument = {
  name: 'model',
  in: 'path',
  required: true,
  shape: text,
  description: 'may hold slashes',
};

export const modelListDocument: EndpointDocument = {
  operationId: 'listModels',
  summary: 'List the models this key may use',
  description:
    "Those that can be called in this dialect. With the header `anthropic-version`, or with `x-api-key` and no bearer's key, in Anthropic's.",
  answer: { description: 'The models', content: { 'application/json': shape('ModelList') } },
  isCharged: false,
  failures: [401, 403, 503],
};

export const modelDocument: EndpointDocument = {
  operationId: 'retrieveModel',
  summary: 'One of the models this key may use',
  parameters: [model],
  answer: { description: 'The model', content: { 'application/json': shape('Model') } },
  isCharged: false,
  failures: [401, 403, 404, 503],
};
