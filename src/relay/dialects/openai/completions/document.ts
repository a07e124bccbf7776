import { choicesShape, streamOptionsShape, usageShape } from '../chat/document.js';
import {
  CHARGED_ANSWER,
  type EndpointDocument,
  json,
  open,
  shape,
  type Shapes,
  text,
  whole,
} from '../../document.js';

export const completionsDocument: EndpointDocument = {
  operationId: 'createCompletion',
  summary: 'Continue a text',
  description:
    '`best_of` is held for and charged as what upstream reports. Several prompts in one request are several choices.',
  request: {
    shape: shape('CompletionRequest'),
    example: { model: 'gpt-3.5-turbo-instruct', prompt: 'Once upon a time' },
  },
  answer: { description: CHARGED_ANSWER, content: json(shape('Completion'), true) },
  isCharged: true,
};

export const completionsShapes: Shapes = {
  CompletionRequest: open(['model', 'prompt'], {
    model: text,
    prompt: {
      oneOf: [text, { type: 'array', minItems: 1 }],
      description: 'a text, texts, or the numbers of tokens',
    },
    suffix: text,
    stream: { type: 'boolean', default: false },
    stream_options: streamOptionsShape,
    max_tokens: whole({ minimum: 0 }),
    n: whole({ minimum: 1, maximum: 128 }),
    best_of: whole({ minimum: 1, maximum: 128 }),
  }),
  Completion: open(['choices'], {
    id: text,
    object: { type: 'string', const: 'text_completion' },
    choices: choicesShape,
    usage: usageShape,
  }),
};
