import type { KeyPlace, Protocol } from '../../domain/channel/protocols.js';
import type { ChannelSettings } from '../../domain/channel/settings.js';
import type { DialectName } from '../../domain/usage/dialects.js';
import { dialectOfProtocol, protocolOfPath } from '../dialects/protocols.js';
import type { RequestBytes, UpstreamRequest } from '../dialects/upstream-request.js';
import type { ChannelAccess, UpstreamTarget, UpstreamType } from './type.js';

/** What is the same for every call to a channel. */
export interface ChannelBase {
  readonly origin: string;
  /** Without a slash at its end. */
  readonly path: string;
  /** With its question mark; empty for none. */
  readonly query: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** What stands between a channel's address and the paths of its API. */
export interface VersionPart {
  /** Put behind the channel's address, but for what of it the address ends with already: `/v1`. */
  readonly part: string;
  /** Paths that are whole as they are. Every path that ends with a version is. */
  readonly whole?: RegExp;
  /** What every call asks beside the address's own query, with its question mark. */
  readonly query?: string;
}

/** A kind of upstream that is called below the channel's address, with the channel's key in a header. */
export interface BasedType {
  readonly dialects: readonly DialectName[];
  readonly version: (settings: ChannelSettings) => VersionPart;
  /** The end of an address that was copied whole, from documents that show a call: what stands before it is all that stands before the paths. */
  readonly endpoints: RegExp;
  /** The headers that carry the channel's key. */
  readonly keyHeaders: (apiKey: string) => Readonly<Record<string, string>>;
  /** Where it is not the request's own. */
  readonly pathOf?: (settings: ChannelSettings, request: Located) => string;
}

type Located = Pick<UpstreamRequest, 'path' | 'query' | 'model'>;
type Place = Omit<ChannelBase, 'headers'>;

/** The type, with address and headers worked out once a channel and key, not once a call. */
export function typeBelow({ dialects, version, endpoints, keyHeaders, pathOf }: BasedType): UpstreamType {
  const bases = new WeakMap<ChannelAccess, ChannelBase>();
  const placeOf = (settings: ChannelSettings) => baseOf(settings.base_url, version(settings), endpoints);
  const pathed = <Request extends Located>(settings: ChannelSettings, request: Request) =>
    pathOf ? { ...request, path: pathOf(settings, request) } : request;
  const ofEndpoints = baseOfEndpoints(dialects, keyHeaders);
  return {
    dialects,
    prepare: (channel, request) => {
      const own = ofEndpoints(channel, request);
      if (own) return Promise.resolve(targetBelow(own, request));
      let base = bases.get(channel);
      if (!base) {
        const { apiKey, settings } = channel;
        const shown = settings.oauth ? bearerOf(apiKey) : keyHeaders(apiKey);
        const headers = { ...ALWAYS, ...shown };
        bases.set(channel, (base = { ...placeOf(channel.settings), headers }));
      }
      return Promise.resolve(targetBelow(base, pathed(channel.settings, request)));
    },
    locate: (settings, request) => {
      const endpoint = settings.endpoints[protocolOfPath(request.path)];
      if (endpoint !== undefined) {
        const place = placeAt(endpoint);
        return { origin: place.origin, path: pathBelow(place, request) };
      }
      const place = placeOf(settings);
      return { origin: place.origin, path: pathBelow(place, pathed(settings, request)) };
    },
  };
}

/** The base of the request's own protocol, where the channel has one: used as it is written. Worked out once a channel, key and protocol. */
function baseOfEndpoints(dialects: BasedType['dialects'], keyHeaders: BasedType['keyHeaders']) {
  const bases = new WeakMap<ChannelAccess, Map<Protocol, ChannelBase>>();
  return (channel: ChannelAccess, { path }: Pick<Located, 'path'>): ChannelBase | undefined => {
    const { endpoints, auth, oauth } = channel.settings;
    const protocol = protocolOfPath(path);
    const address = endpoints[protocol];
    if (address === undefined) return undefined;
    let known = bases.get(channel);
    if (!known) bases.set(channel, (known = new Map<Protocol, ChannelBase>()));
    let base = known.get(protocol);
    if (!base) {
      const place = typeof auth === 'string' ? auth : (auth[protocol] ?? 'own');
      const isOwn = place === 'own' && dialects.includes(dialectOfProtocol(protocol));
      const shown = oauth
        ? bearerOf
        : isOwn
          ? keyHeaders
          : (apiKey: string) => shownAt(place, protocol, apiKey);
      known.set(protocol, (base = { ...placeAt(address), headers: { ...ALWAYS, ...shown(channel.apiKey) } }));
    }
    return base;
  };
}

/** The header that carries a key; where the protocol's own clients put it unless it is said otherwise. */
function shownAt(place: KeyPlace, protocol: Protocol, apiKey: string): Readonly<Record<string, string>> {
  const named = place === 'own' ? OWN_PLACES[dialectOfProtocol(protocol)] : place;
  return named === 'bearer' ? bearerOf(apiKey) : { [named]: apiKey };
}

const bearerOf = (token: string) => ({ authorization: `Bearer ${token}` });

const OWN_PLACES = { openai: 'bearer', anthropic: 'x-api-key', gemini: 'x-goog-api-key' } as const;

function placeAt(address: string): Place {
  const { origin, pathname, search } = new URL(address);
  return { origin, path: pathname.replace(/\/+$/, ''), query: search };
}

/** The request below the base; its own headers win. */
export function targetBelow(base: ChannelBase, request: UpstreamRequest<RequestBytes>): UpstreamTarget {
  const { headers } = request;
  return {
    origin: base.origin,
    path: pathBelow(base, request),
    headers: headers ? { ...base.headers, ...headers } : base.headers,
  };
}

const pathBelow = (base: Place, { path, query }: Pick<Located, 'path' | 'query'>): string =>
  base.path + path + joined(query, base.query);

/** Of every request, whatever the kind of upstream. */
export const ALWAYS = {
  'content-type': 'application/json',
  accept: 'application/json, text/event-stream',
  'accept-encoding': 'identity',
  'user-agent': 'counterfoil',
};

/** The endpoints of OpenAI's API, which others have as well. */
export const OPENAI_ENDPOINTS =
  /\/((chat\/)?completions|responses|embeddings|moderations|rerank|models|images\/(generations|edits)|audio\/(speech|transcriptions|translations))$/;

const ENDS_WITH_VERSION = /\/v\d+[a-z0-9]*$/i;

function baseOf(baseUrl: string, { part, whole, query = '' }: VersionPart, endpoints: RegExp): Place {
  const { origin, pathname, search } = new URL(baseUrl);
  const given = pathname.replace(/\/+$/, '');
  const path = given.replace(endpoints, '');
  const isWhole = path !== given || ENDS_WITH_VERSION.test(path) || whole?.test(path) === true;
  return { origin, path: isWhole ? path : path + withoutBegun(part, path), query: joined(query, search) };
}

/** `/v1` of `/openai/v1` below an address that ends with `/openai`. */
function withoutBegun(part: string, path: string): string {
  const ends = [...part.matchAll(/\/|$/g)].map(({ index }) => index).reverse();
  const begun = ends.find((end) => path.endsWith(part.slice(0, end))) ?? 0;
  return part.slice(begun);
}

function joined(query: string, more: string): string {
  return query && more ? `${query}&${more.slice(1)}` : query || more;
}
