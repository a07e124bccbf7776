import type { Endpoint } from '../endpoint.js';
import type { Route } from '../route.js';
import { answerFormat } from './answer-format.js';
import { countTokens } from './generate/count-tokens.js';
import { gemini } from './dialect.js';
import { EmbedRequest } from './embed/request.js';
import { GenerateRequest } from './generate/request.js';
import { getModel, listModels } from './models.js';

const BASE = '/v1beta/models';

export const geminiRoutes: readonly Route[] = [
  call('generateContent', (model, body, format) => new GenerateRequest(model, body, format, false)),
  call('streamGenerateContent', (model, body, format) => new GenerateRequest(model, body, format, true)),
  call('embedContent', (model, body, format) => new EmbedRequest(model, body, format, 'one')),
  call('batchEmbedContents', (model, body, format) => new EmbedRequest(model, body, format, 'batch')),
  { method: 'POST', path: `${BASE}/{model}:countTokens`, endpoint: countTokens },
  { method: 'GET', path: BASE, endpoint: listModels },
  { method: 'GET', path: `${BASE}/{model}`, endpoint: getModel },
];

function call(
  method: string,
  request: (
    model: string,
    body: Buffer,
    format: ReturnType<typeof answerFormat>,
  ) => ReturnType<Endpoint['parse']>,
): Route {
  return {
    method: 'POST',
    path: `${BASE}/{model}:${method}`,
    endpoint: {
      kind: 'call',
      dialect: gemini,
      name: `${BASE}/{model}:${method}`,
      parse: (body, { parameters, query }) => request(parameters['model'] ?? '', body, answerFormat(query)),
    },
  };
}
