import type { Endpoint } from '../../endpoint.js';
import { openai } from '../dialect.js';
import { parseCompletion } from './request.js';
import { completionsDocument } from './document.js';

/** `POST /v1/completions`: texts continued, as before there were chats. */
export const completions: Endpoint = {
  kind: 'call',
  dialect: openai,
  name: '/v1/completions',
  document: completionsDocument,
  parse: parseCompletion,
};
