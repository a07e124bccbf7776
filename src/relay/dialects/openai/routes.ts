import type { Route } from '../route.js';
import { speech } from './speech/endpoint.js';
import { transcriptions, translations } from './transcriptions/endpoint.js';
import { chat } from './chat/endpoint.js';
import { completions } from './completions/endpoint.js';
import { embeddings } from './inputs/embeddings.js';
import { imageEdits } from './images/edits.js';
import { imageGenerations } from './images/generations.js';
import { listModels, retrieveModel } from './models.js';
import { moderations } from './inputs/moderations.js';
import { rerank } from './inputs/rerank.js';
import { cancelResponse, deleteResponse, inputItems, retrieveResponse } from './responses/kept.js';
import { compact, responses } from './responses/endpoint.js';
import { inputTokens } from './responses/input-tokens.js';

/** Everything OpenAI's clients call. */
export const openaiRoutes: readonly Route[] = [
  { method: 'POST', path: '/v1/chat/completions', endpoint: chat },
  { method: 'POST', path: '/v1/completions', endpoint: completions },
  { method: 'POST', path: '/v1/responses', endpoint: responses },
  { method: 'POST', path: '/v1/responses/compact', endpoint: compact },
  { method: 'POST', path: '/v1/responses/input_tokens', endpoint: inputTokens },
  { method: 'GET', path: '/v1/responses/{id}/input_items', endpoint: inputItems },
  { method: 'POST', path: '/v1/responses/{id}/cancel', endpoint: cancelResponse },
  { method: 'GET', path: '/v1/responses/{id}', endpoint: retrieveResponse },
  { method: 'DELETE', path: '/v1/responses/{id}', endpoint: deleteResponse },
  { method: 'POST', path: '/v1/embeddings', endpoint: embeddings },
  { method: 'POST', path: '/v1/images/generations', endpoint: imageGenerations },
  { method: 'POST', path: '/v1/images/edits', endpoint: imageEdits },
  { method: 'POST', path: '/v1/audio/speech', endpoint: speech },
  { method: 'POST', path: '/v1/audio/transcriptions', endpoint: transcriptions },
  { method: 'POST', path: '/v1/audio/translations', endpoint: translations },
  { method: 'POST', path: '/v1/moderations', endpoint: moderations },
  { method: 'POST', path: '/v1/rerank', endpoint: rerank },
  { method: 'GET', path: '/v1/models', endpoint: listModels },
  { method: 'GET', path: '/v1/models/{model}', endpoint: retrieveModel },
];
