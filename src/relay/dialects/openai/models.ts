import { CallRefused } from '../../errors.js';
import type { CallableModels, FreeEndpoint } from '../endpoint.js';
import { openai } from './dialect.js';
import { modelListDocument } from './document.js';
import { modelDocument } from './document.js';

/** When a model was made nobody here knows; clients want a time, and this is the one that New API gives. */
const CREATED = 1_626_777_600;

/** As OpenAI has it, with the kinds of endpoints that New API's clients read, and what OpenRouter's read of length and price. */
function modelObject(models: CallableModels, id: string): object {
  const { endpointTypes, contextWindow, maxOutputTokens, usdPerToken, usdPerCall } = models.details(id);
  const pricing = usdPerToken
    ? {
        prompt: usdPerToken.prompt,
        completion: usdPerToken.completion,
        input_cache_read: usdPerToken.cached,
        request: '0',
      }
    : { prompt: '0', completion: '0', request: usdPerCall ?? '0' };
  return {
    id,
    object: 'model',
    created: CREATED,
    owned_by: 'counterfoil',
    supported_endpoint_types: endpointTypes,
    context_length: contextWindow ?? null,
    max_output_tokens: maxOutputTokens,
    pricing,
  };
}

/** `GET /v1/models`: what the key may call now. */
export const listModels: FreeEndpoint = {
  kind: 'free',
  dialect: openai,
  name: '/v1/models',
  document: modelListDocument,
  answer: async ({ models }) => ({
    object: 'list',
    data: (await models.names()).map((name) => modelObject(models, name)),
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
    if (models.has(model)) return modelObject(models, model);
    throw new CallRefused({ code: 'model_not_found', model });
  },
};
