import { basePerChannel, targetBelow } from './base-address.js';
import type { UpstreamType } from './type.js';

const baseOf = basePerChannel(({ apiKey }) => ({
  defaultPath: '/v1',
  headers: { authorization: `Bearer ${apiKey}` },
}));

/** Anything that speaks OpenAI's API. */
export const openaiType: UpstreamType = {
  dialects: ['openai'],
  target: (channel, request) => targetBelow(baseOf(channel), request),
};
