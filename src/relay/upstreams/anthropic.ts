import { basePerChannel, targetBelow } from './base-address.js';
import type { UpstreamType } from './type.js';

const baseOf = basePerChannel(({ apiKey }) => ({
  defaultPath: '/v1',
  headers: { 'x-api-key': apiKey },
}));

/** Anthropic, and whatever speaks its Messages API. */
export const anthropicType: UpstreamType = {
  dialects: ['anthropic'],
  prepare: (channel, request) => Promise.resolve(targetBelow(baseOf(channel), request)),
};
