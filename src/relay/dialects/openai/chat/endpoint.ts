import type { Endpoint } from '../../endpoint.js';
import { openai } from '../dialect.js';
import { parseChat } from './request.js';
import { chatDocument } from './document.js';

/** `POST /v1/chat/completions`. */
export const chat: Endpoint = {
  kind: 'call',
  dialect: openai,
  name: '/v1/chat/completions',
  document: chatDocument,
  parse: parseChat,
};
