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

export const responsesDocument: EndpointDocument = {
  operationId: 'createResponse',
  summary: 'Call a model in the shape that Codex and newer clients use',
  description:
    'With `stream: true` the answer is a stream of events of which the last (`response.completed`, `response.incomplete`) is sent once the charge is durable. `previous_response_id` and `conversation` are passed on: they mean something at the upstream that keeps them. `background: true` is refused, for such a response ends after its call.',
  request: { shape: shape('ResponseRequest'), example: { model: 'gpt-4o', input: '你好' } },
  answer: { description: CHARGED_ANSWER, content: json(shape('Response'), true) },
  isCharged: true,
};

export const responsesShapes: Shapes = {
  ResponseRequest: open(['model'], {
    model: text,
    input: { oneOf: [text, listOf({ type: 'object' })] },
    instructions: text,
    stream: { type: 'boolean', default: false },
    max_output_tokens: whole({ minimum: 1 }),
    background: { type: 'boolean', const: false },
  }),
  Response: open(['output'], {
    id: text,
    object: { type: 'string', const: 'response' },
    status: text,
    output: listOf(anything),
    usage: counts('input_tokens', 'output_tokens', 'total_tokens'),
  }),
};
