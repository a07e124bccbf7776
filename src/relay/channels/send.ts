import type { IncomingHttpHeaders } from 'node:http';
import type { Channel } from './channel.js';
import { withHeaders, withParameters } from './overrides.js';
import type { Proxy, StreamSink, UpstreamExchange, UpstreamPools } from './upstream.js';
import type { UpstreamRequest } from './upstream-type.js';
import { upstreamTypeOf } from './upstream-types.js';

/** Sends a request to a channel, as the channel's type and settings want it. `headers` are the client's. */
export function sendTo(
  pools: Pick<UpstreamPools, 'send'>,
  channel: Channel,
  request: UpstreamRequest,
  headers: IncomingHttpHeaders,
  sink: StreamSink | undefined,
): UpstreamExchange {
  const { settings } = channel;
  const target = upstreamTypeOf(channel).target(channel, request);
  const sent = { ...target, headers: withHeaders(target.headers, settings, headers) };
  return pools.send(sent, withParameters(request.body, settings.parameter_overrides), sink, proxyOf(channel));
}

function proxyOf({ settings, proxyCredentials }: Channel): Proxy | undefined {
  return settings.proxy_url === null ? undefined : { url: settings.proxy_url, credentials: proxyCredentials };
}
