/** By which the client would look for the leader, in this order; the connection itself knows no proxies. */
const PROXIES = ['grpc_proxy', 'https_proxy', 'http_proxy'] as const;

/**
 * A leader that is looked for through a proxy and then connected to without one would be found and not reached, or another than the one meant.
 *
 * @param hosts of which the leader is to be found
 * @throws Error that names the variable
 */
export function assertNoProxyBefore(hosts: readonly string[], environment: NodeJS.ProcessEnv): void {
  const proxy = PROXIES.find((name) => environment[name]);
  if (proxy === undefined) return;
  const direct = (environment['no_grpc_proxy'] ?? environment['no_proxy'] ?? '')
    .split(',')
    .map((host) => host.trim())
    .filter((host) => host !== '');
  const proxied = hosts.find((host) => !direct.some((end) => host === end || host.endsWith(end)));
  if (proxied === undefined) return;
  throw new Error(
    `EventStoreDB is not reached through proxies, and ${proxy} would have ${proxied} looked for by one: name it in no_proxy`,
  );
}
