import { isAccessKey } from '../../../domain/token/access-key.js';
import { bearerKey, headerKey } from '../access-key.js';
import type { Dialect } from '../dialect.js';
import { CHECK_TEXT, checkRequestOf } from '../check-request.js';
import { rateHeadersOf } from '../rate-headers.js';
import { anthropicDocument } from './document.js';
import { errorAnswer } from './errors.js';

export const anthropic: Dialect = {
  name: 'anthropic',
  document: anthropicDocument,
  requestIdHeader: 'request-id',
  claims: (path, headers) => path.startsWith('/v1/messages') || headers['anthropic-version'] !== undefined,
  accessKey: ({ headers }) => {
    const plain = headerKey(headers, 'x-api-key');
    // Tools send both where an own login and a gateway's key are set up at once.
    return plain !== undefined && isAccessKey(plain) ? plain : (bearerKey(headers) ?? plain);
  },
  errorAnswer,
  rateHeaders: (rate, nowMs) =>
    rateHeadersOf(rate, {
      before: (kind) => `anthropic-ratelimit-${kind}-`,
      after: () => '',
      // Whole seconds, as upstream writes them, and never too early.
      reset: (resetMs) =>
        `${new Date(Math.ceil((nowMs + resetMs) / 1_000) * 1_000).toISOString().slice(0, 19)}Z`,
    }),
  checkRequest: (model) =>
    checkRequestOf(model, {
      path: '/messages',
      json: { model, messages: [{ role: 'user', content: CHECK_TEXT }], max_tokens: 1 },
      headers: { 'anthropic-version': '2023-06-01' },
    }),
};
