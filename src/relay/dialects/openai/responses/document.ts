import {
  anything,
  CHARGED_ANSWER,
  counts,
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

export const responsesDocument: EndpointDocument = {
  operationId: 'createResponse',
  summary: 'Call a model in the shape that Codex and newer clients use',
  description:
    'With `stream: true` the answer is a stream of events of which the last (`response.completed`, `response.incomplete`) is sent once the charge is durable. What `previous_response_id`, `conversation` and items refer to must be left by calls of the account; the call goes to the channel and key that keep it. `background: true` is refused, for such a response ends after its call.',
  request: { shape: shape('ResponseRequest'), example: { model: 'gpt-4o', input: '你好' } },
  answer: { description: CHARGED_ANSWER, content: json(shape('Response'), true) },
  isCharged: true,
};

export const compactDocument: EndpointDocument = {
  operationId: 'compactResponse',
  summary: 'Make a conversation shorter',
  description:
    'For channels that have OpenAI’s responses: what comes back can be read by their upstream alone, so that this is never converted.',
  request: { shape: shape('ResponseRequest'), example: { model: 'gpt-4o', input: '你好' } },
  answer: { description: CHARGED_ANSWER, content: json(shape('Response')) },
  isCharged: true,
};

export const inputTokensDocument: EndpointDocument = {
  operationId: 'countResponseTokens',
  summary: 'Count the tokens of a prompt; costs nothing',
  description:
    'The count of an upstream of this dialect where one gives it in time, else an estimate; the header `x-counterfoil-count` says which: `upstream` or `estimate`.',
  request: { shape: shape('ResponseRequest'), example: { model: 'gpt-4o', input: '你好' } },
  answer: {
    description: 'The count',
    content: json({ type: 'object', required: ['input_tokens'], properties: { input_tokens: whole() } }),
  },
  isCharged: false,
  failures: [400, 401, 403, 404, 413, 429, 503],
};

const responseId: ParameterDocument = { name: 'id', in: 'path', required: true, shape: text };
const FREE =
  'Free of charge, for the account whose call made the response, within 30 days; for others it is not there (404).';

const ofKept = (
  operationId: string,
  summary: string,
  answered: string,
  shapeName: string,
): EndpointDocument => ({
  operationId,
  summary,
  description: FREE,
  parameters: [responseId],
  answer: { description: answered, content: json(shape(shapeName)) },
  isCharged: false,
});

export const retrieveResponseDocument = ofKept(
  'retrieveResponse',
  'A response that is kept at upstream',
  'As it was answered',
  'Response',
);
export const deleteResponseDocument = ofKept(
  'deleteResponse',
  'Delete a response at upstream',
  'That it is gone',
  'DeletedResponse',
);
export const cancelResponseDocument = ofKept(
  'cancelResponse',
  'Cancel a response in the background',
  'The response',
  'Response',
);
export const inputItemsDocument = ofKept(
  'listResponseInputItems',
  'What a response was made of',
  'A page of items',
  'ResponseItems',
);

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
  DeletedResponse: open(['id'], { id: text, deleted: { type: 'boolean' } }),
  ResponseItems: open(['data'], { object: text, data: listOf(anything), has_more: { type: 'boolean' } }),
};
