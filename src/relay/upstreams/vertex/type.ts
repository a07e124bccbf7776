import type { IncomingHttpHeaders } from 'node:http';
import type { ChannelSettings } from '../../../domain/channel/settings.js';
import { setMembers, topLevelMembers } from '../../dialects/json/members.js';
import type { UpstreamRequest } from '../../dialects/upstream-request.js';
import { ALWAYS } from '../base-address.js';
import { errorText } from '../anthropic-error.js';
import { type TokenSource, withToken } from '../tokens/shown-token.js';
import type { AnswerDecoder, UpstreamType } from '../type.js';
import { membersIn, WholeAnswer } from '../whole-answer.js';
import { withoutMembers } from '../without-members.js';

/** Which Vertex takes a body of Anthropic's for. */
const VERSION = '"vertex-2023-10-16"';
const PUBLISHER = /\/publishers\/(google|anthropic)$/;

type Asked = Pick<UpstreamRequest, 'path' | 'query' | 'model'>;

const isClaudes = ({ base_url: base }: Pick<ChannelSettings, 'base_url'>): boolean =>
  PUBLISHER.exec(pathOf(base))?.[1] === 'anthropic';

/**
 * Google's models, and Anthropic's, at Vertex. A key is the file of a service account, with which tokens are fetched. Which models a channel
 * has is said by how its address ends.
 * https://cloud.google.com/vertex-ai/generative-ai/docs/partner-models/claude/use-claude
 */
export function createVertexType(tokens: TokenSource): UpstreamType {
  return {
    dialects: ['gemini'],
    dialectsOf: (settings) => (isClaudes(settings) ? ['anthropic'] : ['gemini']),
    async prepare(channel, request) {
      const { settings } = channel;
      if (!Buffer.isBuffer(request.body)) throw new Error('Vertex takes no forms');
      const { body, streamed } = isClaudes(settings)
        ? bodyOfMessage(request.path, request.body, request.model)
        : { body: request.body, streamed: false };
      const { apiKey } = await withToken(tokens, channel);
      return {
        origin: new URL(settings.base_url).origin,
        path: pathFor(settings, request, streamed),
        headers: { ...ALWAYS, ...request.headers, authorization: `Bearer ${apiKey}` },
        body,
      };
    },
    locate: (settings, request) => ({
      origin: new URL(settings.base_url).origin,
      path: pathFor(settings, request, false),
    }),
    decode: (status, headers, { channel, path }) => {
      if (status === 401) tokens.reject(channel);
      return decodeVertex(status, headers, path);
    },
  };
}

function pathFor(settings: ChannelSettings, { path, query, model }: Asked, streamed: boolean): string {
  const base = pathOf(settings.base_url);
  if (!isClaudes(settings))
    return `${PUBLISHER.test(base) ? base : `${base}/publishers/google`}${path}${query}`;
  if (path === '/messages')
    return `${base}/models/${encodeURIComponent(model)}:${streamed ? 'streamRawPredict' : 'rawPredict'}`;
  if (path === '/messages/count_tokens') return `${base}/models/count-tokens:rawPredict`;
  throw new Error('Vertex is asked for messages alone');
}

const pathOf = (base: string): string => new URL(base).pathname.replace(/\/+$/, '');

/** The model stands in the address; where tokens are counted, in the body. */
function bodyOfMessage(path: string, given: Buffer, model: string) {
  const members = topLevelMembers(given);
  const streamed = members.some(
    ({ name, valueStart, valueEnd }) =>
      name === 'stream' && given.toString('latin1', valueStart, valueEnd) === 'true',
  );
  const isCounted = path === '/messages/count_tokens';
  const asked = isCounted ? given : withoutMembers(given, members, NOT_VERTEXS);
  const body = setMembers(asked, topLevelMembers(asked), [
    isCounted ? { name: 'model', json: JSON.stringify(model) } : { name: 'anthropic_version', json: VERSION },
  ]);
  return { body, streamed };
}

const NOT_VERTEXS: ReadonlySet<string> = new Set(['model']);

/** By Google's names of statuses. */
const TYPES: Readonly<Record<string, string>> = {
  INVALID_ARGUMENT: 'invalid_request_error',
  FAILED_PRECONDITION: 'invalid_request_error',
  UNAUTHENTICATED: 'permission_error',
  PERMISSION_DENIED: 'permission_error',
  NOT_FOUND: 'not_found_error',
  RESOURCE_EXHAUSTED: 'rate_limit_error',
  UNAVAILABLE: 'overloaded_error',
  DEADLINE_EXCEEDED: 'timeout_error',
};

/** Vertex itself refuses in Google's words what was asked in Anthropic's. */
function decodeVertex(status: number, headers: IncomingHttpHeaders, path: string): AnswerDecoder | undefined {
  if (status < 400 || !path.startsWith('/messages')) return undefined;
  return new WholeAnswer(headers, (body) => {
    const said = membersIn(body);
    const outer = (Array.isArray(said) ? said[0] : said) as { readonly error?: unknown } | undefined;
    const error = (outer?.error ?? {}) as Readonly<Record<string, unknown>>;
    // Anthropic's own error.
    if (typeof error['type'] === 'string') return body.toString('utf8');
    const message = typeof error['message'] === 'string' ? error['message'] : '';
    return errorText(TYPES[String(error['status'])] ?? 'api_error', message);
  });
}
