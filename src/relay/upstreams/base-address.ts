import type { ChannelAccess, UpstreamTarget } from './type.js';
import type { RequestBytes, UpstreamRequest } from '../dialects/upstream-request.js';

/** What is the same for every call to a channel. */
export interface ChannelBase {
  readonly origin: string;
  /** Without a slash at its end. */
  readonly path: string;
  /** With its question mark; empty for none. */
  readonly query: string;
  readonly headers: Readonly<Record<string, string>>;
}

export interface BaseOptions {
  /** Put in where the channel's address has no path of its own. */
  readonly defaultPath: string;
  /** What every call asks beside the address's own query, with its question mark. */
  readonly query?: string;
  /** The headers that carry the channel's key, and whatever else each call needs. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Bases made once a channel, not once a call. */
export function basePerChannel(
  optionsOf: (channel: ChannelAccess) => BaseOptions,
): (channel: ChannelAccess) => ChannelBase {
  const bases = new WeakMap<ChannelAccess, ChannelBase>();
  return (channel) => {
    let base = bases.get(channel);
    if (!base) {
      base = baseOf(channel.settings.base_url, optionsOf(channel));
      bases.set(channel, base);
    }
    return base;
  };
}

/** The request below the base; its own headers win. */
export function targetBelow(
  base: ChannelBase,
  { path, query, headers }: UpstreamRequest<RequestBytes>,
): UpstreamTarget {
  return {
    origin: base.origin,
    path: base.path + path + joined(query, base.query),
    headers: headers ? { ...base.headers, ...headers } : base.headers,
  };
}

function baseOf(baseUrl: string, { defaultPath, query = '', headers }: BaseOptions): ChannelBase {
  const { origin, pathname, search } = new URL(baseUrl);
  return {
    origin,
    path: pathname.replace(/\/+$/, '') || defaultPath,
    query: joined(query, search),
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      'accept-encoding': 'identity',
      'user-agent': 'counterfoil',
      ...headers,
    },
  };
}

function joined(query: string, more: string): string {
  return query && more ? `${query}&${more.slice(1)}` : query || more;
}
