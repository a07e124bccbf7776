import { OPENAI_ENDPOINTS, typeBelow } from './base-address.js';

/** Anything that speaks OpenAI's API. Its clients are given the whole base: an address with any path has its version in it, or none. */
export const openaiType = typeBelow({
  dialects: ['openai'],
  version: () => ({ part: '/v1', whole: /./ }),
  endpoints: OPENAI_ENDPOINTS,
  keyHeaders: (apiKey) => ({ authorization: `Bearer ${apiKey}` }),
});
