import type { IncomingHttpHeaders } from 'node:http';
import { Readable } from 'node:stream';
import type { Channel, OpenChannel } from '../channel.js';
import type { RequestBytes, UpstreamRequest } from '../../dialects/upstream-request.js';
import type { StreamSink, UpstreamExchange } from './exchange.js';
import { proxyOf } from './proxy-of.js';
import { formWithParameters, withHeaders, withParameters } from './overrides.js';
import type { PreparedRequest, StreamedBody, UpstreamAddress, UpstreamPools } from './pools.js';

/** A longer body goes out as a stream: undici keeps a buffer with its request until the answer has ended. */
const KEPT_BYTES = 64 * 1024;

/** Sends a request to a channel, as the channel's type and settings want it. `headers` are the client's. */
export function sendTo(
  pools: Pick<UpstreamPools, 'send'>,
  channel: Channel,
  request: UpstreamRequest<RequestBytes>,
  headers: IncomingHttpHeaders,
  sink: StreamSink | undefined,
): UpstreamExchange {
  const { decode } = channel.type;
  // What is asked as long as the answer comes must not keep the body.
  const { path } = request;
  return pools.send(prepare(channel, request, headers), {
    sink,
    decode: decode && ((status, head) => decode(status, head, { channel, path })),
    proxy: proxyOf(channel),
  });
}

async function prepare(
  channel: Channel,
  request: UpstreamRequest<RequestBytes>,
  clientHeaders: IncomingHttpHeaders,
): Promise<PreparedRequest> {
  const { settings, type } = channel;
  const { parameter_overrides: overrides } = settings;
  const asked = Buffer.isBuffer(request.body)
    ? withParameters(request.body, overrides)
    : formWithParameters(request.body, overrides);
  const target = await type.prepare(channel, asked === request.body ? request : { ...request, body: asked });
  const { origin, path, body = asked } = target;
  const headers = withHeaders(target.headers, settings, clientHeaders);
  const { method } = request;
  if (Buffer.isBuffer(body) && body.length <= KEPT_BYTES) return { origin, path, headers, body, method };
  const sized = { ...headers, 'content-length': String(body.length) };
  return { origin, path, headers: sized, body: asStream(body), method };
}

const asStream = (body: RequestBytes): StreamedBody =>
  Buffer.isBuffer(body) ? { length: body.length, open: () => readOnce(body) } : body;

/** Lets go of what it has given. */
function readOnce(bytes: Buffer): Readable {
  let rest: Buffer | null = bytes;
  return new Readable({
    read() {
      this.push(rest);
      rest = null;
    },
  });
}

/** Where its calls go. */
export function addressesOf({ keys: [key], settings }: OpenChannel): readonly UpstreamAddress[] {
  const { base_url, endpoints } = settings;
  const proxy = key && proxyOf(key);
  const bases = [base_url, ...Object.values(endpoints)];
  return [...new Set(bases.map((base) => new URL(base).origin))].map((origin) => ({ origin, proxy }));
}
