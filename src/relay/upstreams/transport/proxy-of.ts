import type { ChannelAccess } from '../type.js';
import type { Proxy } from './pools.js';

/** The way that a channel's calls take; undefined: the straight one. */
export function proxyOf({
  settings,
  proxyCredentials,
}: Pick<ChannelAccess, 'settings' | 'proxyCredentials'>): Proxy | undefined {
  return settings.proxy_url === null ? undefined : { url: settings.proxy_url, credentials: proxyCredentials };
}
