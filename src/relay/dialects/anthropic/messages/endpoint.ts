import type { Endpoint } from '../../endpoint.js';
import { anthropic } from '../dialect.js';
import { parseMessages } from './request.js';
import { messagesDocument } from './document.js';

/** `POST /v1/messages`. */
export const messages: Endpoint = {
  kind: 'call',
  dialect: anthropic,
  name: '/v1/messages',
  document: messagesDocument,
  parse: parseMessages,
};
