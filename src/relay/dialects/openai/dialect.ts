import { bearerKey, headerKey } from '../access-key.js';
import type { Dialect } from '../dialect.js';
import { CHECK_TEXT, checkRequestOf } from '../check-request.js';
import { spanHeaders } from '../rate-headers.js';
import { openaiDocument } from './document.js';
import { errorAnswer } from './errors.js';

export const openai: Dialect = {
  name: 'openai',
  document: openaiDocument,
  claims: () => true,
  accessKey: ({ headers }) => bearerKey(headers) ?? headerKey(headers, 'x-api-key'),
  errorAnswer,
  rateHeaders: spanHeaders,
  checkRequest: (model) =>
    checkRequestOf(model, {
      path: '/chat/completions',
      json: { model, messages: [{ role: 'user', content: CHECK_TEXT }], max_tokens: 1 },
    }),
};
