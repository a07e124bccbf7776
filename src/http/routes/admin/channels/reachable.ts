import type { Administration } from '../../../operators/ports.js';
import { refused } from '../../../refusals.js';

/**
 * Refuses an address that could not be called, when somebody says it: better now than in the first call. The connection looks again, since a
 * name can come to mean something else.
 * @throws HttpFailure `channel_invalid`
 */
export async function requireReachable(
  said: {
    readonly base_url?: string | undefined;
    readonly endpoints?: Readonly<Record<string, string | undefined>> | undefined;
    readonly oauth?: { readonly token_url?: string | undefined } | null | undefined;
    readonly proxy_url?: string | null | undefined;
  },
  { mayCall }: Pick<Administration, 'mayCall'>,
): Promise<void> {
  const { base_url, endpoints = {}, oauth, proxy_url } = said;
  const bases = Object.entries(endpoints).map(([protocol, url]) => [`endpoints.${protocol}`, url] as const);
  const named = [
    ['base_url', base_url],
    ['oauth.token_url', oauth?.token_url],
    ['proxy_url', proxy_url],
  ] as const;
  for (const [field, url] of [...named, ...bases]) {
    // What is no address at all, the domain refuses.
    if (!url || !URL.canParse(url) || (await mayCall(url))) continue;
    const detail = `${field}: the address is private; UPSTREAM_ALLOW_PRIVATE names those that may be called`;
    throw refused({ code: 'channel_invalid', detail });
  }
}
