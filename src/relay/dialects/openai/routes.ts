import type { Route } from '../route.js';
import { chat } from './chat/endpoint.js';
import { listModels, retrieveModel } from './models.js';

/** Everything OpenAI's clients call. */
export const openaiRoutes: readonly Route[] = [
  { method: 'POST', path: '/v1/chat/completions', endpoint: chat },
  { method: 'GET', path: '/v1/models', endpoint: listModels },
  { method: 'GET', path: '/v1/models/{model}', endpoint: retrieveModel },
];
