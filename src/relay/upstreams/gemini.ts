import { basePerChannel, targetBelow } from './base-address.js';
import type { UpstreamType } from './type.js';

const baseOf = basePerChannel(({ apiKey }) => ({
  defaultPath: '/v1beta',
  headers: { 'x-goog-api-key': apiKey },
}));

/** Google's Gemini API, and whatever speaks it. */
export const geminiType: UpstreamType = {
  dialects: ['gemini'],
  prepare: (channel, request) => Promise.resolve(targetBelow(baseOf(channel), request)),
};
