import { CallRefused } from '../../errors.js';
import type { FreeEndpoint } from '../endpoint.js';
import { openai } from './dialect.js';
import { modelListDocument } from './document.js';
import { modelDocument } from './document.js';

const modelObject = (id: string) => ({ id, object: 'model', created: 0, owned_by: 'counterfoil' });

/** `GET /v1/models`: what the key may call now. */
export const listModels: FreeEndpoint = {
  kind: 'free',
  dialect: openai,
  name: '/v1/models',
  document: modelListDocument,
  answer: ({ models }) => ({
    object: 'list',
    data: models.names().map(modelObject),
  }),
};

/** `GET /v1/models/{model}`. */
export const retrieveModel: FreeEndpoint = {
  kind: 'free',
  dialect: openai,
  name: '/v1/models/{model}',
  document: modelDocument,
  answer({ models, facts }) {
    const model = facts.parameters['model'] as string;
    if (models.has(model)) return modelObject(model);
    throw new CallRefused({ code: 'model_not_found', model });
  },
};
