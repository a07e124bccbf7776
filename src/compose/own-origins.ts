import type { Config } from '../config.js';
import { isLoopback } from '../support/loopback.js';
import type { Bootstrap } from './bootstrap-schema.js';

/**
 * The origins of channels and proxies in the operator's own file. While nobody but this machine reaches the service, they may be on this
 * machine too: who writes the file can start what it names (ADR 0022). Not one word more: other private addresses need UPSTREAM_ALLOW_PRIVATE.
 */
export function ownOrigins({ host }: Pick<Config, 'host'>, bootstrap: Bootstrap | undefined): string[] {
  if (!bootstrap || !isLoopback(host)) return [];
  const addresses = bootstrap.channels.flatMap(({ base_url, endpoints, oauth, proxy_url }) => [
    base_url,
    ...Object.values(endpoints),
    oauth?.token_url,
    proxy_url,
  ]);
  return [...new Set(addresses.flatMap((address) => (address ? [new URL(address).origin] : [])))];
}
