import {
  anything,
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

const parameters: readonly ParameterDocument[] = [
  {
    name: 'anthropic-version',
    in: 'header',
    description: '2023-06-01 or 2026-10-21; any other is refused, and none is 2023-06-01',
    shape: text,
  },
  {
    name: 'anthropic-beta',
    in: 'header',
    description: 'passed to upstream as far as its trials are known (docs/request-members.md)',
    shape: text,
  },
];

const request = {
  shape: shape('MessagesRequest'),
  example: { model: 'claude-sonnet-4-6', max_tokens: 1000, messages: [{ role: 'user', content: '你好' }] },
};

export const messagesDocument: EndpointDocument = {
  operationId: 'createMessage',
  summary: "Call a model in Anthropic's dialect; held, metered and charged",
  description:
    'The charge is durable before the last byte of the answer is sent. With `stream: true` the answer is a stream of server-sent events that ends with `message_stop`.',
  parameters,
  request,
  answer: { description: 'The message', content: json(shape('Message'), true) },
  isCharged: true,
};

export const countTokensDocument: EndpointDocument = {
  operationId: 'countMessageTokens',
  summary: 'Count the tokens of a prompt; costs nothing',
  description:
    'The count of an upstream of this dialect where one gives it in time, else an estimate; the header `x-counterfoil-count` says which: `upstream` or `estimate`.',
  parameters,
  request,
  answer: {
    description: 'The count',
    content: json({ type: 'object', required: ['input_tokens'], properties: { input_tokens: whole() } }),
  },
  isCharged: false,
  failures: [400, 401, 403, 404, 413, 429, 503],
};

export const messagesShapes: Shapes = {
  MessagesRequest: open(['model', 'messages'], {
    model: text,
    messages: listOf(anything, { minItems: 1 }),
    max_tokens: whole({ minimum: 0, description: 'required for a message, not for a count' }),
    stream: { type: 'boolean', default: false },
    thinking: anything,
  }),
  Message: open(['content'], {
    id: text,
    type: { type: 'string', const: 'message' },
    model: text,
    content: listOf(anything),
    stop_reason: { type: ['string', 'null'] },
    usage: anything,
  }),
};
