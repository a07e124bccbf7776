import type { IncomingHttpHeaders } from 'node:http';
import type { Channel, OpenChannel } from '../../channels/channel.js';
import { formWithParameters, withHeaders, withParameters } from './overrides.js';
import type { StreamSink, UpstreamExchange } from './exchange.js';
import type { Proxy, UpstreamAddress, UpstreamPools } from './pools.js';
import type { RequestBytes, UpstreamRequest } from '../../dialects/upstream-request.js';
import { upstreamTypeOf } from '../all.js';

/** Sends a request to a channel, as the channel's type and settings want it. `headers` are the client's. */
export function sendTo(
  pools: Pick<UpstreamPools, 'send'>,
  channel: Channel,
  request: UpstreamRequest<RequestBytes>,
  headers: IncomingHttpHeaders,
  sink: StreamSink | undefined,
): UpstreamExchange {
  const { settings } = channel;
  const target = upstreamTypeOf(channel).target(channel, request);
  const { parameter_overrides: overrides } = settings;
  const own = withHeaders(target.headers, settings, headers);
  const { body } = request;
  if (Buffer.isBuffer(body)) {
    return pools.send({ ...target, headers: own }, withParameters(body, overrides), sink, proxyOf(channel));
  }
  const form = formWithParameters(body, overrides);
  const measured = { ...own, 'content-length': String(form.length) };
  return pools.send({ ...target, headers: measured }, form, sink, proxyOf(channel));
}

/** Where its calls go. */
export function addressOf({ keys: [key], settings }: OpenChannel): UpstreamAddress {
  return { origin: new URL(settings.base_url).origin, proxy: key && proxyOf(key) };
}

function proxyOf({ settings, proxyCredentials }: Channel): Proxy | undefined {
  return settings.proxy_url === null ? undefined : { url: settings.proxy_url, credentials: proxyCredentials };
}
