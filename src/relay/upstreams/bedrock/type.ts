import type { IncomingHttpHeaders } from 'node:http';
import type { ChannelSettings } from '../../../domain/channel/settings.js';
import { setMembers, topLevelMembers } from '../../dialects/json/members.js';
import type { RequestBytes, UpstreamRequest } from '../../dialects/upstream-request.js';
import { ALWAYS } from '../base-address.js';
import { withoutMembers } from '../without-members.js';
import type { ChannelAccess, UpstreamTarget, UpstreamType } from '../type.js';
import { decodeBedrock } from './answers.js';
import { nameOf } from './errors.js';
import { type AwsKey, encoded, signatureHeaders } from '../../../support/aws-signature.js';

/** Which Bedrock takes a body of Anthropic's for. */
const VERSION = '"bedrock-2023-05-31"';
const REGION = /^bedrock-runtime(?:-fips)?\.([a-z0-9-]+)\./;
const SERVICE = 'bedrock';
/** AWS takes a request whose time is five minutes off. */
const SKEW_MS = 60_000;
const TIME_IS_WRONG = new Set(['InvalidSignatureException', 'SignatureDoesNotMatch', 'RequestExpired']);

type Asked = Pick<UpstreamRequest, 'path' | 'model'>;

/**
 * Anthropic's models at Bedrock, by InvokeModel. A key is `access|secret`, or `access|secret|session`, and signs; one without a bar is an
 * API key of Bedrock's and is shown.
 * https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_InvokeModelWithResponseStream.html
 */
export function createBedrockType(now: () => number = Date.now): UpstreamType {
  // How far this machine's clock is off, as AWS says it; of the machine, whichever channel found it.
  let aheadMs = 0;
  return {
    dialects: ['anthropic'],
    // Later in the same turn, so that what is wrong rejects.
    prepare: (channel, request) => Promise.resolve().then(() => targetOf(channel, request, now() + aheadMs)),
    locate: (settings, request) => {
      const { origin, pathname } = new URL(settings.base_url);
      return { origin, path: pathname.replace(/\/+$/, '') + pathFor(request, false) };
    },
    decode: (status, headers, { path }) => {
      if (status === 403) aheadMs = correctedMs(headers, now(), aheadMs);
      return decodeBedrock(status, headers, path);
    },
  };
}

function targetOf(
  { settings, apiKey }: ChannelAccess,
  request: UpstreamRequest<RequestBytes>,
  atMs: number,
): UpstreamTarget {
  if (!Buffer.isBuffer(request.body)) throw new Error('Bedrock takes no forms');
  const { body, streamed } = bodyFor(request, request.body);
  const { origin, host, pathname } = new URL(settings.base_url);
  const path = pathname.replace(/\/+$/, '') + pathFor(request, streamed);
  const headers = { ...ALWAYS, accept: streamed ? 'application/vnd.amazon.eventstream' : ALWAYS.accept };
  const key = awsKeyOf(apiKey);
  if (!key) return { origin, path, body, headers: { ...headers, authorization: `Bearer ${apiKey}` } };
  const region = regionOf(settings);
  const signed = signatureHeaders(key, { method: 'POST', host, path, body, region, service: SERVICE, atMs });
  return { origin, path, body, headers: { ...headers, ...signed } };
}

/** The key as it is stored: `access|secret|session?`. Undefined: it is one that is shown. */
function awsKeyOf(apiKey: string): AwsKey | undefined {
  const [id, secret, session] = apiKey.split('|');
  return id !== undefined && secret !== undefined ? { id, secret, session } : undefined;
}

function regionOf({ region, base_url: base }: ChannelSettings): string {
  const named = region ?? REGION.exec(new URL(base).hostname)?.[1];
  if (named === undefined) throw new Error('the region is not known');
  return named;
}

/** By a signature that is refused for its time: how far AWS's clock is from this one. */
function correctedMs(headers: IncomingHttpHeaders, nowMs: number, aheadMs: number): number {
  const exception = headers['x-amzn-errortype'];
  if (typeof exception !== 'string' || !TIME_IS_WRONG.has(nameOf(exception))) return aheadMs;
  const foundMs = Date.parse(headers.date ?? '') - nowMs;
  return Math.abs(foundMs - aheadMs) > SKEW_MS ? foundMs : aheadMs;
}

/** The model's name is a segment of its own, whatever is in it. */
function pathFor({ path, model }: Asked, streamed: boolean): string {
  const called = `/model/${encoded(model)}`;
  if (path === '/messages') return `${called}/${streamed ? 'invoke-with-response-stream' : 'invoke'}`;
  if (path === '/messages/count_tokens') return `${called}/count-tokens`;
  throw new Error('Bedrock is asked for messages alone');
}

function bodyFor(
  { path, headers }: Pick<UpstreamRequest, 'path' | 'headers'>,
  given: Buffer,
): { readonly body: Buffer; readonly streamed: boolean } {
  const members = topLevelMembers(given);
  const streamed = members.some(
    ({ name, valueStart, valueEnd }) =>
      name === 'stream' && given.toString('latin1', valueStart, valueEnd) === 'true',
  );
  const asked = withoutMembers(given, members, NOT_BEDROCKS);
  const betas = headers?.['anthropic-beta']?.split(',').map((beta) => beta.trim());
  const isCounted = path === '/messages/count_tokens';
  const body = setMembers(asked, topLevelMembers(asked), [
    { name: 'anthropic_version', json: VERSION },
    ...(betas ? [{ name: 'anthropic_beta', json: JSON.stringify(betas) }] : []),
    // It counts what could be invoked alone.
    ...(isCounted ? [{ name: 'max_tokens', json: '1' }] : []),
  ]);
  if (!isCounted) return { body, streamed };
  const invokeModel = { body: body.toString('base64') };
  return { body: Buffer.from(JSON.stringify({ input: { invokeModel } })), streamed: false };
}

const NOT_BEDROCKS: ReadonlySet<string> = new Set(['model', 'stream']);
