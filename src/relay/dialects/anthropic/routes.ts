import type { IncomingHttpHeaders } from 'node:http';
import type { Route } from '../route.js';
import { countTokens } from './messages/count-tokens.js';
import { messages } from './messages/endpoint.js';
import { listModels, retrieveModel } from './models.js';

/** OpenAI's clients ask for models at the same paths, without a version and with their key as a bearer's. */
function inAnthropicsWay(headers: IncomingHttpHeaders): boolean {
  if (headers['anthropic-version'] !== undefined) return true;
  return headers['x-api-key'] !== undefined && headers.authorization === undefined;
}

/** Everything Anthropic's clients call. */
export const anthropicRoutes: readonly Route[] = [
  { method: 'POST', path: '/v1/messages', endpoint: messages },
  { method: 'POST', path: '/v1/messages/count_tokens', endpoint: countTokens },
  { method: 'GET', path: '/v1/models', endpoint: listModels, when: inAnthropicsWay },
  { method: 'GET', path: '/v1/models/{model}', endpoint: retrieveModel, when: inAnthropicsWay },
];
