import { failures, schemaOf } from './operation.js';

const answer = (description: string, schema: string) => ({
  200: { description, content: { 'application/json': { schema: schemaOf(schema) } } },
  401: failures[401],
  403: failures[403],
  503: failures[503],
});
const security = [{ accessKey: [] }];

export const modelPaths = {
  '/v1/models': {
    get: {
      tags: ['relay'],
      operationId: 'listModels',
      summary: 'List the models this key may use',
      description: 'Those that can be called in this dialect.',
      security,
      responses: answer('The models', 'ModelList'),
    },
  },
  '/v1/models/{model}': {
    get: {
      tags: ['relay'],
      operationId: 'retrieveModel',
      summary: 'One of the models this key may use',
      security,
      parameters: [
        {
          name: 'model',
          in: 'path',
          required: true,
          schema: { type: 'string' },
          description: 'may hold slashes',
        },
      ],
      responses: { ...answer('The model', 'Model'), 404: failures[404] },
    },
  },
};

export const modelSchemas = {
  ModelList: {
    type: 'object',
    required: ['object', 'data'],
    properties: {
      object: { type: 'string', const: 'list' },
      data: { type: 'array', items: schemaOf('Model') },
    },
  },
  Model: {
    type: 'object',
    required: ['id', 'object'],
    properties: { id: { type: 'string' }, object: { type: 'string', const: 'model' } },
  },
};
