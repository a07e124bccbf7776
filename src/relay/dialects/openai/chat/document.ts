import {
  anything,
  CHARGED_ANSWER,
  counts,
  type EndpointDocument,
  json,
  listOf,
  open,
  shape,
  type Shapes,
  text,
  whole,
} from '../../document.js';

export const chatDocument: EndpointDocument = {
  operationId: 'createChatCompletion',
  summary: 'Call a model; held, metered and charged',
  description:
    'The charge is durable before the last byte of the answer is sent. With `stream: true` the answer is a stream of server-sent events that ends with `data: [DONE]`.',
  request: {
    shape: shape('ChatRequest'),
    example: { model: 'qwen-turbo', messages: [{ role: 'user', content: '你好' }] },
  },
  answer: { description: CHARGED_ANSWER, content: json(shape('ChatCompletion'), true) },
  isCharged: true,
};

export const streamOptionsShape = { type: 'object', properties: { include_usage: { type: 'boolean' } } };
export const usageShape = counts('prompt_tokens', 'completion_tokens', 'total_tokens');
export const choicesShape = listOf(anything);

export const chatShapes: Shapes = {
  ChatRequest: open(['model', 'messages'], {
    model: text,
    messages: listOf(anything, { minItems: 1 }),
    stream: { type: 'boolean', default: false },
    stream_options: streamOptionsShape,
    max_tokens: whole({ minimum: 1 }),
    max_completion_tokens: whole({ minimum: 1 }),
    n: whole({ minimum: 1, maximum: 128 }),
  }),
  ChatCompletion: open(['choices'], {
    id: text,
    object: { type: 'string', const: 'chat.completion' },
    model: text,
    choices: choicesShape,
    usage: usageShape,
  }),
};
