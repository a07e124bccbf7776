import { chatPaths, chatSchemas } from './chat.js';
import { formPaths, formSchemas } from './forms.js';
import { inputPaths, inputSchemas } from './inputs.js';
import { modelPaths, modelSchemas } from './models.js';
import { responsesPaths, responsesSchemas } from './responses.js';

/** The part of OpenAI's API that the relay speaks. */
export const openaiPaths = { ...modelPaths, ...chatPaths, ...responsesPaths, ...inputPaths, ...formPaths };

export const openaiSchemas = {
  RelayError: {
    type: 'object',
    required: ['error'],
    properties: {
      error: {
        type: 'object',
        required: ['message', 'type'],
        properties: {
          message: { type: 'string' },
          type: { type: 'string' },
          param: { type: ['string', 'null'] },
          code: { type: ['string', 'null'] },
        },
      },
    },
  },
  ...modelSchemas,
  ...chatSchemas,
  ...responsesSchemas,
  ...inputSchemas,
  ...formSchemas,
};
