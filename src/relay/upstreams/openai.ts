import { basePerChannel, targetBelow } from './base-address.js';
import type { UpstreamType } from './type.js';

const baseOf = basePerChannel(({ apiKey }) => ({
  defaultPath: '/v1',
  headers: { authorization: `Bearer ${apiKey}` },
}));

/** Anything that speaks OpenAI's API. */
export const openaiType: UpstreamType = {
  dialects: ['openai'],
  prepare: (channel, request) => Promise.resolve(targetBelow(baseOf(channel), request)),
};
