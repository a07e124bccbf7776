import { bearerKey, headerKey } from '../access-key.js';
import type { Dialect } from '../dialect.js';
import { errorAnswer } from './errors.js';

export const openai: Dialect = {
  name: 'openai',
  claims: () => true,
  accessKey: ({ headers }) => bearerKey(headers) ?? headerKey(headers, 'x-api-key'),
  errorAnswer,
};
