import { typeBelow } from './base-address.js';

/** Google's Gemini API, and whatever speaks it, also below a path. Vertex has its version before the publisher, `/v1/publishers/google`. */
export const geminiType = typeBelow({
  dialects: ['gemini'],
  version: () => ({ part: '/v1beta', whole: /\/publishers\/[^/]+$/ }),
  endpoints: /\/models(\/[^/]+)?$/,
  keyHeaders: (apiKey) => ({ 'x-goog-api-key': apiKey }),
});
