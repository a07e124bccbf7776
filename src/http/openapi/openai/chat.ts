import { counts, open, openaiCall } from './operation.js';

export const chatPaths = {
  '/v1/chat/completions': openaiCall({
    operationId: 'createChatCompletion',
    summary: 'Call a model; held, metered and charged',
    description:
      'The charge is durable before the last byte of the answer is sent. With `stream: true` the answer is a stream of server-sent events that ends with `data: [DONE]`.',
    request: 'ChatRequest',
    answer: 'ChatCompletion',
    example: { model: 'qwen-turbo', messages: [{ role: 'user', content: '你好' }] },
    streamed: true,
  }),
  '/v1/completions': openaiCall({
    operationId: 'createCompletion',
    summary: 'Continue a text',
    description:
      '`best_of` is held for and charged as what upstream reports. Several prompts in one request are several choices.',
    request: 'CompletionRequest',
    answer: 'Completion',
    example: { model: 'gpt-3.5-turbo-instruct', prompt: 'Once upon a time' },
    streamed: true,
  }),
};

const streamOptions = { type: 'object', properties: { include_usage: { type: 'boolean' } } };
const usage = counts('prompt_tokens', 'completion_tokens', 'total_tokens');
const choices = { type: 'array', items: { type: 'object', additionalProperties: true } };

export const chatSchemas = {
  ChatRequest: open(['model', 'messages'], {
    model: { type: 'string' },
    messages: { type: 'array', minItems: 1, items: { type: 'object', additionalProperties: true } },
    stream: { type: 'boolean', default: false },
    stream_options: streamOptions,
    max_tokens: { type: 'integer', minimum: 1 },
    max_completion_tokens: { type: 'integer', minimum: 1 },
    n: { type: 'integer', minimum: 1 },
  }),
  ChatCompletion: open(['choices'], {
    id: { type: 'string' },
    object: { type: 'string', const: 'chat.completion' },
    model: { type: 'string' },
    choices,
    usage,
  }),
  CompletionRequest: open(['model', 'prompt'], {
    model: { type: 'string' },
    prompt: {
      oneOf: [{ type: 'string' }, { type: 'array', minItems: 1 }],
      description: 'a text, texts, or the numbers of tokens',
    },
    suffix: { type: 'string' },
    stream: { type: 'boolean', default: false },
    stream_options: streamOptions,
    max_tokens: { type: 'integer', minimum: 0 },
    n: { type: 'integer', minimum: 1, maximum: 128 },
    best_of: { type: 'integer', minimum: 1, maximum: 128 },
  }),
  Completion: open(['choices'], {
    id: { type: 'string' },
    object: { type: 'string', const: 'text_completion' },
    choices,
    usage,
  }),
};
