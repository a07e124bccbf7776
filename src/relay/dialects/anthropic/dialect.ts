import { isAccessKey } from '../../../domain/token/access-key.js';
import { bearerKey, headerKey } from '../access-key.js';
import type { Dialect } from '../dialect.js';
import { errorAnswer } from './errors.js';

export const anthropic: Dialect = {
  name: 'anthropic',
  requestIdHeader: 'request-id',
  claims: (path, headers) => path.startsWith('/v1/messages') || headers['anthropic-version'] !== undefined,
  accessKey: ({ headers }) => {
    const plain = headerKey(headers, 'x-api-key');
    // Tools send both where an own login and a gateway's key are set up at once.
    return plain !== undefined && isAccessKey(plain) ? plain : (bearerKey(headers) ?? plain);
  },
  errorAnswer,
};
