import { CallRefused } from '../../errors.js';
import type { CallableModels, FreeEndpoint } from '../endpoint.js';
import { invalidRequest } from '../json/body.js';
import { gemini } from './dialect.js';
import { modelListDocument } from './document.js';
import { modelDocument } from './document.js';

const DEFAULT_PAGE = 50;
const MAX_PAGE = 1_000;

/** `GET /v1beta/models`: what the key may call now in this dialect, page by page. */
export const listModels: FreeEndpoint = {
  kind: 'free',
  dialect: gemini,
  name: '/v1beta/models',
  document: modelListDocument,
  async answer({ models, facts: { query } }) {
    const names = await models.names();
    const after = startOfPage(query.get('pageToken'));
    // By name and not by number, so that models may come and go between two pages.
    const left = after === undefined ? names : names.filter((name) => name > after);
    const page = left.slice(0, pageSize(query.get('pageSize')));
    const last = page.at(-1);
    return {
      models: page.map((name) => modelOf(models, name)),
      ...(last !== undefined && page.length < left.length ? { nextPageToken: pageToken(last) } : {}),
    };
  },
};

/** `GET /v1beta/models/{model}`. */
export const getModel: FreeEndpoint = {
  kind: 'free',
  dialect: gemini,
  name: '/v1beta/models/{model}',
  document: modelDocument,
  answer({ models, facts }) {
    const model = facts.parameters['model'] ?? '';
    if (!models.has(model)) {
      throw new CallRefused({ code: 'model_not_found', model });
    }
    return modelOf(models, model);
  },
};

function modelOf(models: CallableModels, model: string): object {
  return {
    name: `models/${model}`,
    displayName: model,
    outputTokenLimit: models.maxOutputTokens(model),
    supportedGenerationMethods: ['generateContent', 'countTokens', 'embedContent'],
  };
}

function pageSize(given: string | null): number {
  if (given === null || given === '') return DEFAULT_PAGE;
  if (!/^\d{1,9}$/.test(given)) throw invalidRequest('pageSize must be a number', 'pageSize');
  // 0 is what clients send that leave the choice to the server.
  return Math.min(Number(given) || DEFAULT_PAGE, MAX_PAGE);
}

function pageToken(last: string): string {
  return Buffer.from(last).toString('base64url');
}

function startOfPage(token: string | null): string | undefined {
  return token ? Buffer.from(token, 'base64url').toString('utf8') : undefined;
}
