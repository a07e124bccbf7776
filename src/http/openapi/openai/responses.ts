import { counts, open, openaiCall } from './operation.js';

export const responsesPaths = {
  '/v1/responses': openaiCall({
    operationId: 'createResponse',
    summary: 'Call a model in the shape that Codex and newer clients use',
    description:
      'With `stream: true` the answer is a stream of events of which the last (`response.completed`, `response.incomplete`) is sent once the charge is durable. `previous_response_id` and `conversation` are passed on: they mean something at the upstream that keeps them. `background: true` is refused, for such a response ends after its call.',
    request: 'ResponseRequest',
    answer: 'Response',
    example: { model: 'gpt-4o', input: '你好' },
    streamed: true,
  }),
};

export const responsesSchemas = {
  ResponseRequest: open(['model'], {
    model: { type: 'string' },
    input: { oneOf: [{ type: 'string' }, { type: 'array', items: { type: 'object' } }] },
    instructions: { type: 'string' },
    stream: { type: 'boolean', default: false },
    max_output_tokens: { type: 'integer', minimum: 1 },
    background: { type: 'boolean', const: false },
  }),
  Response: open(['output'], {
    id: { type: 'string' },
    object: { type: 'string', const: 'response' },
    status: { type: 'string' },
    output: { type: 'array', items: { type: 'object', additionalProperties: true } },
    usage: counts('input_tokens', 'output_tokens', 'total_tokens'),
  }),
};
