import { OPENAI_ENDPOINTS, typeBelow } from './base-address.js';

/** Paths that name no deployment: the model is in the body, or they are about what is kept. */
const WITHOUT_DEPLOYMENT = /^\/(responses|models)(\/|$)/;

/**
 * OpenAI's models at Azure. With an `api_version` the upstream's name of the model is its deployment and stands in the path; without
 * one it is Azure's v1 API, whose paths are OpenAI's.
 * https://learn.microsoft.com/azure/ai-services/openai/reference
 */
export const azureOpenaiType = typeBelow({
  dialects: ['openai'],
  version: ({ api_version }) =>
    api_version === null
      ? { part: '/openai/v1' }
      : { part: '/openai', query: `?api-version=${encodeURIComponent(api_version)}` },
  endpoints: OPENAI_ENDPOINTS,
  keyHeaders: (apiKey) => ({ 'api-key': apiKey }),
  pathOf: ({ api_version }, { path, model }) =>
    api_version === null || WITHOUT_DEPLOYMENT.test(path)
      ? path
      : `/deployments/${encodeURIComponent(model)}${path}`,
});
