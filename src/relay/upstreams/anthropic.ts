import { typeBelow } from './base-address.js';

/** Anthropic, and whatever speaks its Messages API, also below a path: its clients put the version behind whatever they are given. */
export const anthropicType = typeBelow({
  dialects: ['anthropic'],
  version: () => ({ part: '/v1' }),
  endpoints: /\/(messages(\/(count_tokens|batches))?|models)$/,
  keyHeaders: (apiKey) => ({ 'x-api-key': apiKey }),
});
