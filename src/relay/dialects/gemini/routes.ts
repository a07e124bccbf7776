import type { Route } from '../route.js';
import { batchEmbed, embed } from './embed/endpoint.js';
import { countTokens } from './generate/count-tokens.js';
import { generate, streamGenerate } from './generate/endpoint.js';
import { getModel, listModels } from './models.js';

/** Everything Gemini's clients call. */
export const geminiRoutes: readonly Route[] = [
  ...[generate, streamGenerate, embed, batchEmbed, countTokens].map((endpoint): Route => ({
    method: 'POST',
    path: endpoint.name,
    endpoint,
  })),
  { method: 'GET', path: '/v1beta/models', endpoint: listModels },
  { method: 'GET', path: '/v1beta/models/{model}', endpoint: getModel },
];
