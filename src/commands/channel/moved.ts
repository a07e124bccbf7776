import type { ChannelSettings } from '../../domain/channel/settings.js';

/**
 * Which setting sends calls, and with them the channel's keys, to another place than before; undefined: none does. Gateways choose by the
 * path, or by a header, whom they call: so it is not other hosts alone that count.
 */
export function movedBy(before: ChannelSettings, after: ChannelSettings): keyof ChannelSettings | undefined {
  if (addressOf(before.base_url) !== addressOf(after.base_url)) return 'base_url';
  const known = Object.values(before.endpoints).map(addressOf);
  if (Object.values(after.endpoints).some((endpoint) => !known.includes(addressOf(endpoint))))
    return 'endpoints';
  if (after.oauth && addressOf(before.oauth?.token_url ?? null) !== addressOf(after.oauth.token_url))
    return 'oauth';
  if (addressOf(before.proxy_url) !== addressOf(after.proxy_url)) return 'proxy_url';
  if (textOf(before.header_overrides) !== textOf(after.header_overrides)) return 'header_overrides';
  // Whoever may change a channel may have a key to call it with, and says in such a header what they like.
  if (after.forward_headers.some((name) => !before.forward_headers.includes(name))) return 'forward_headers';
  return undefined;
}

const addressOf = (url: string | null): string | undefined =>
  url === null ? undefined : new URL(url).href.replace(/\/+$/, '');

const textOf = (headers: ChannelSettings['header_overrides']): string =>
  JSON.stringify(Object.entries(headers).sort(([a], [b]) => (a < b ? -1 : 1)));
