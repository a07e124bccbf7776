import { basePerChannel, targetBelow } from './base-address.js';
import type { RequestBytes, UpstreamRequest } from '../dialects/upstream-request.js';
import type { ChannelAccess, UpstreamTarget, UpstreamType } from './type.js';

const baseOf = basePerChannel(({ apiKey, settings: { api_version } }) => ({
  defaultPath: api_version === null ? '/openai/v1' : '/openai',
  query: api_version === null ? '' : `?api-version=${encodeURIComponent(api_version)}`,
  headers: { 'api-key': apiKey },
}));

/** Paths that name no deployment: the model is in the body. */
const WITHOUT_DEPLOYMENT = new Set(['/responses']);

/**
 * OpenAI's models at Azure. With an `api_version` the upstream's name of the model is its deployment and stands in the path; without
 * one it is Azure's v1 API, whose paths are OpenAI's.
 * https://learn.microsoft.com/azure/ai-services/openai/reference
 */
export const azureOpenaiType: UpstreamType = {
  dialects: ['openai'],
  prepare: (channel, request) => Promise.resolve(targetOf(channel, request)),
};

function targetOf(channel: ChannelAccess, request: UpstreamRequest<RequestBytes>): UpstreamTarget {
  const base = baseOf(channel);
  if (channel.settings.api_version === null || WITHOUT_DEPLOYMENT.has(request.path))
    return targetBelow(base, request);
  const path = `/deployments/${encodeURIComponent(request.model)}${request.path}`;
  return targetBelow(base, { ...request, path });
}
