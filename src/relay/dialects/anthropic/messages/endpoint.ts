import type { Endpoint } from '../../endpoint.js';
import { anthropic } from '../dialect.js';
import { parseMessages } from './request.js';

/** `POST /v1/messages`. */
export const messages: Endpoint = {
  kind: 'call',
  dialect: anthropic,
  name: '/v1/messages',
  parse: parseMessages,
};
